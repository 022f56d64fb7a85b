//! Residues of large integers: the values of signatures that are larger than need be, with which GnuPG's
//! libgcrypt calculates all the same. An RSA signature is good with any multiple of the modulus added, and an
//! Ed25519 signature with any multiple of the group's order, so that a signature which takes a right away
//! could be made one that counts for GnuPG alone.

/// The order of Ed25519's group, the last octets first (RFC 8032, section 5.1).
const ED25519_ORDER: [u8; 32] = [
    0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0xde, 0xf9, 0xde, 0xa2, 0xf7, 0x9c,
    0xd6, 0x58, 0x12, 0x63, 0x1a, 0x5c, 0xf5, 0xd3, 0xed,
];

/// The second integer of an Ed25519 signature, which is written with the last octets first, below the order
/// of the group; `None` where it is too long for one.
pub(crate) fn ed25519_scalar(octets: &[u8]) -> Option<Vec<u8>> {
    // Leading zeros are left out of an integer (RFC 9580, section 3.2).
    let mut scalar = vec![0; 32_usize.checked_sub(octets.len())?];
    scalar.extend_from_slice(octets);
    scalar.reverse();
    let mut residue = of(&scalar, &ED25519_ORDER)?;
    residue.reverse();
    Some(residue)
}

/// The residue of a value, in as many octets as the modulus has; `None` where that is zero.
pub(crate) fn of(value: &[u8], modulus: &[u8]) -> Option<Vec<u8>> {
    let modulus = without_zeros(modulus);
    let value = without_zeros(value);
    if modulus.is_empty() {
        return None;
    }
    if (value.len(), value) < (modulus.len(), modulus) {
        let zeros = modulus.len().saturating_sub(value.len());
        return Some([&vec![0; zeros], value].concat());
    }
    // One limb more, for the bit that is shifted in.
    let mut modulus_limbs = limbs(modulus);
    modulus_limbs.push(0);
    let mut residue = vec![0; modulus_limbs.len()];
    for octet in value {
        for bit in (0..8).rev() {
            shift_in(&mut residue, u32::from(octet >> bit & 1));
            if !residue.iter().rev().lt(modulus_limbs.iter().rev()) {
                subtract(&mut residue, &modulus_limbs);
            }
        }
    }
    let octets: Vec<u8> = residue
        .iter()
        .rev()
        .flat_map(|limb| limb.to_be_bytes())
        .collect();
    let surplus = octets.len().checked_sub(modulus.len())?;
    octets.get(surplus..).map(<[u8]>::to_vec)
}

fn without_zeros(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}

/// Limbs of 32 bits, the lowest first.
fn limbs(octets: &[u8]) -> Vec<u32> {
    octets
        .rchunks(4)
        .map(|limb| {
            limb.iter()
                .fold(0, |value, octet| value << 8 | u32::from(*octet))
        })
        .collect()
}

/// Doubles a value, and adds a bit.
fn shift_in(value: &mut [u32], mut bit: u32) {
    for limb in value {
        let carry = *limb >> 31;
        *limb = *limb << 1 | bit;
        bit = carry;
    }
}

/// Subtracts a value that is not larger.
fn subtract(from: &mut [u32], value: &[u32]) {
    let mut borrow = false;
    for (limb, less) in from.iter_mut().zip(value) {
        let (difference, first) = limb.overflowing_sub(*less);
        let (difference, second) = difference.overflowing_sub(u32::from(borrow));
        *limb = difference;
        borrow = first || second;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn residues_are_below_the_modulus() {
        for (value, modulus, residue) in [
            (&[][..], &[7][..], Some(&[0][..])),
            (&[6], &[7], Some(&[6])),
            (&[7], &[7], Some(&[0])),
            (&[0, 0, 9], &[7], Some(&[2])),
            (&[1, 0, 0], &[0xFF, 0xFF], Some(&[0, 1])),
            (
                &[0xFF; 40],
                &[0x80, 0, 0, 0, 0],
                Some(&[0x7F, 0xFF, 0xFF, 0xFF, 0xFF]),
            ),
            (&[0xFF; 9], &[1, 0, 0, 0, 1], Some(&[0, 0, 0, 0, 0xFF])),
            (&[9], &[0], None),
        ] {
            let found = of(value, modulus);
            assert_eq!(found.as_deref(), residue, "{value:?} {modulus:?}");
        }
    }

    #[test]
    fn residues_are_those_of_ordinary_arithmetic() {
        let mut state = 1_u128;
        for round in 0..2_000_u32 {
            state =
                state.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645) ^ u128::from(round);
            let value = state;
            let modulus = (state.rotate_left(64) >> (round % 100)) | 1;
            let found = of(&value.to_be_bytes(), &modulus.to_be_bytes()).unwrap_or_default();
            let found = found
                .iter()
                .fold(0_u128, |value, octet| value << 8 | u128::from(*octet));
            assert_eq!(Some(found), value.checked_rem(modulus));
        }
    }

    #[test]
    fn scalars_of_ed25519_stand_the_other_way_round() {
        let mut order = ED25519_ORDER;
        order.reverse();
        assert_eq!(ed25519_scalar(&order), Some(vec![0; 32]));
        let one_more = [&[0xEE], order.get(1..).unwrap_or_default()].concat();
        let one = [&[1][..], &[0; 31]].concat();
        assert_eq!(ed25519_scalar(&one_more), Some(one));
        assert_eq!(
            ed25519_scalar(&[7; 32]).map(|scalar| scalar == [7; 32]),
            Some(true)
        );
        let short = [&[0][..], &[7; 31]].concat();
        assert_eq!(ed25519_scalar(&[7; 31]), Some(short));
        assert_eq!(ed25519_scalar(&[1; 33]), None);
    }
}
