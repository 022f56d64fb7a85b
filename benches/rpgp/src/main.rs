//! How long rPGP takes to verify one signature, with the key already read: `rpgp NAME KEYS SIGNED`.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use pgp::composed::{Deserializable, Message, SignedPublicKey};

const ROUNDS: usize = 201;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, keys, signed] = arguments.as_slice() else {
        return Err("usage: rpgp NAME KEYS SIGNED".into());
    };
    let keys = std::fs::read(keys)?;
    let signed = std::fs::read(signed)?;
    let key = SignedPublicKey::from_bytes(keys.as_slice())?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        // Reading the message is part of each, as it is of this library's evaluations.
        let message = Message::from_bytes(signed.as_slice())?;
        let mut message = if message.is_compressed() {
            message.decompress()?
        } else {
            message
        };
        black_box(message.as_data_vec()?);
        message.verify(&key)?;
        times.push(start.elapsed());
    }
    times.sort();
    let median = times[times.len() / 2];
    println!("rPGP {name:<10} {:>8.1} µs an evaluation", median.as_secs_f64() * 1e6);
    Ok(())
}
