//! Where randomness comes from: the system, or for simulations a seed. A release has only the system.

use super::CryptoError;
use sm2::elliptic_curve::rand_core::{TryCryptoRng, TryRng};

/// A source of random bytes that several threads may draw from.
#[derive(Debug)]
pub enum Source {
    /// The system's.
    System,
    /// SM3 of the seed and a counter; the same draws in the same order give the same bytes.
    #[cfg(any(debug_assertions, feature = "simulation"))]
    Seeded {
        /// Which run this is.
        seed: u64,
        /// Blocks drawn so far.
        drawn: std::sync::atomic::AtomicU64,
    },
}

impl Source {
    /// Fills with random bytes, all of them or none.
    pub fn fill(&self, into: &mut [u8]) -> Result<(), CryptoError> {
        match self {
            Self::System => getrandom::fill(into).map_err(|_| CryptoError::NoRandomness),
            #[cfg(any(debug_assertions, feature = "simulation"))]
            Self::Seeded { seed, drawn } => {
                use sm3::{Digest, Sm3};
                for chunk in into.chunks_mut(32) {
                    let block = drawn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let bytes =
                        Sm3::new_with_prefix(b"simulation").chain_update(seed.to_be_bytes()).chain_update(block.to_be_bytes()).finalize();
                    chunk.iter_mut().zip(bytes).for_each(|(to, byte)| *to = byte);
                }
                Ok(())
            }
        }
    }
}

/// A source in the shape the curve wants.
pub struct Drawing<'a>(pub &'a Source);

impl TryRng for Drawing<'_> {
    type Error = CryptoError;

    fn try_next_u32(&mut self) -> Result<u32, CryptoError> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, CryptoError> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), CryptoError> {
        self.0.fill(into)
    }
}

impl TryCryptoRng for Drawing<'_> {}
