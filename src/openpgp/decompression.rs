//! Decompression with a bound (RFC 9580, sections 5.6 and 9.4).

use bzip2::{Decompress as Bunzip, Status as BunzipStatus};
use flate2::{Decompress as Inflate, FlushDecompress, Status as InflateStatus};

/// Why a compressed packet gives no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecompressionError {
    /// The packet is empty or names an unknown algorithm.
    UnknownAlgorithm,
    /// The compressed data is damaged or truncated.
    Damaged,
    /// The compressed data ends before its packet does.
    TrailingData,
    /// It decompresses to more than the limit.
    TooLarge,
}

/// Decompresses the body of a compressed-data packet into at most `limit` bytes.
pub(crate) fn decompress(body: &[u8], limit: usize) -> Result<Vec<u8>, DecompressionError> {
    let (algorithm, data) = body
        .split_first()
        .ok_or(DecompressionError::UnknownAlgorithm)?;
    match algorithm {
        0 if data.len() > limit => Err(DecompressionError::TooLarge),
        0 => Ok(data.to_vec()),
        1 => run(Flate(Inflate::new(false)), data, limit),
        2 => run(Flate(Inflate::new(true)), data, limit),
        3 => run(Bzip(Bunzip::new(false)), data, limit),
        _ => Err(DecompressionError::UnknownAlgorithm),
    }
}

/// One step of a decompressor.
trait Decompressor {
    /// Decompresses from `input` into `output`: how much of each was used, and whether the
    /// compressed data has ended; `None` if it is damaged.
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Option<Step>;
}

struct Step {
    consumed: u64,
    produced: u64,
    ended: bool,
}

struct Flate(Inflate);

impl Decompressor for Flate {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Option<Step> {
        let (before_in, before_out) = (self.0.total_in(), self.0.total_out());
        let status = self
            .0
            .decompress(input, output, FlushDecompress::None)
            .ok()?;
        Some(Step {
            consumed: self.0.total_in().saturating_sub(before_in),
            produced: self.0.total_out().saturating_sub(before_out),
            ended: status == InflateStatus::StreamEnd,
        })
    }
}

struct Bzip(Bunzip);

impl Decompressor for Bzip {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Option<Step> {
        let (before_in, before_out) = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(input, output).ok()?;
        Some(Step {
            consumed: self.0.total_in().saturating_sub(before_in),
            produced: self.0.total_out().saturating_sub(before_out),
            ended: status == BunzipStatus::StreamEnd,
        })
    }
}

fn run(
    mut decompressor: impl Decompressor,
    mut input: &[u8],
    limit: usize,
) -> Result<Vec<u8>, DecompressionError> {
    let mut output = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let step = decompressor
            .step(input, &mut buffer)
            .ok_or(DecompressionError::Damaged)?;
        let consumed = usize::try_from(step.consumed).map_err(|_| DecompressionError::Damaged)?;
        let produced = usize::try_from(step.produced).map_err(|_| DecompressionError::Damaged)?;
        input = input.get(consumed..).ok_or(DecompressionError::Damaged)?;
        let fresh = buffer.get(..produced).ok_or(DecompressionError::Damaged)?;
        if output.len().saturating_add(fresh.len()) > limit {
            return Err(DecompressionError::TooLarge);
        }
        output.extend_from_slice(fresh);
        if step.ended {
            return if input.is_empty() {
                Ok(output)
            } else {
                Err(DecompressionError::TrailingData)
            };
        }
        if consumed == 0 && produced == 0 {
            return Err(DecompressionError::Damaged);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn samples(data: &[u8]) -> Vec<Vec<u8>> {
        let level = flate2::Compression::best();
        let mut deflate = flate2::write::DeflateEncoder::new(vec![1], level);
        deflate.write_all(data).unwrap();
        let mut zlib = flate2::write::ZlibEncoder::new(vec![2], level);
        zlib.write_all(data).unwrap();
        let mut bzip = bzip2::write::BzEncoder::new(vec![3], bzip2::Compression::best());
        bzip.write_all(data).unwrap();
        vec![
            [&[0], data].concat(),
            deflate.finish().unwrap(),
            zlib.finish().unwrap(),
            bzip.finish().unwrap(),
        ]
    }

    #[test]
    fn every_algorithm_gives_the_data_back_up_to_the_limit() {
        let data = b"all work and no play ".repeat(10_000);
        for sample in samples(&data) {
            assert_eq!(decompress(&sample, data.len()).unwrap(), data);
            assert_eq!(
                decompress(&sample, data.len() - 1),
                Err(DecompressionError::TooLarge)
            );
        }
    }

    #[test]
    fn truncated_and_trailing_data_are_refused() {
        for sample in &samples(b"abcabcabcabcabc")[1..] {
            for length in 1..sample.len() {
                assert_eq!(
                    decompress(&sample[..length], 100),
                    Err(DecompressionError::Damaged)
                );
            }
            let longer = [sample, &[0][..]].concat();
            assert_eq!(
                decompress(&longer, 100),
                Err(DecompressionError::TrailingData)
            );
        }
        for sample in [&[][..], &[4, 1]] {
            assert_eq!(
                decompress(sample, 100),
                Err(DecompressionError::UnknownAlgorithm)
            );
        }
    }
}
