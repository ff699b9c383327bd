//! Bodies that are read as a whole, in memory that all of them share.

use std::{future::poll_fn, pin::Pin};

use axum::body::{Body, HttpBody as _};
use bytes::{Bytes, BytesMut};
use domain::problem::Problem;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The largest body that is read as a whole, in bytes.
const MOST: usize = 16 * 1024 * 1024;
/// Memory is taken in pieces of so many bytes as a body grows: most bodies are small and do not say so.
const PIECE: usize = 64 * 1024;
/// What invoke holds at once, requests and answers of all organizations together: 256 MiB.
static PIECES: Semaphore = Semaphore::const_new(256 * 1024 * 1024 / PIECE);

/// A body and its share of the memory, given back when dropped.
pub(super) struct Whole {
    pub(super) bytes: Bytes,
    _room: SemaphorePermit<'static>,
}

/// Why a body was not read to its end.
pub(super) enum Stopped {
    /// It is larger than 16 MiB.
    TooLarge,
    /// Others take all of the memory.
    NoRoom,
    /// It broke off.
    Broken,
}

impl From<Stopped> for Problem {
    /// For a request; an answer has other words.
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::TooLarge => Self::TooLarge,
            Stopped::NoRoom => Self::RateLimited { retry_after: 1 },
            Stopped::Broken => super::caller::incomplete(),
        }
    }
}

/// Reads a body to its end; the caller bounds the time.
pub(super) async fn whole(mut body: Body) -> Result<Whole, Stopped> {
    if body.size_hint().lower() > MOST as u64 {
        return Err(Stopped::TooLarge);
    }
    let mut room = PIECES.try_acquire().map_err(|_| Stopped::NoRoom)?;
    let (mut bytes, mut taken) = (BytesMut::new(), PIECE);
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(piece) = frame.map_err(|_| Stopped::Broken)?.into_data() else {
            continue;
        };
        let length = bytes.len() + piece.len();
        if length > MOST {
            return Err(Stopped::TooLarge);
        }
        while length > taken {
            room.merge(PIECES.try_acquire().map_err(|_| Stopped::NoRoom)?);
            taken += PIECE;
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Whole {
        bytes: bytes.freeze(),
        _room: room,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_takes_what_it_needs_and_gives_it_back() {
        let before = PIECES.available_permits();
        let read = whole(Body::from(vec![7; PIECE + 1])).await.ok().unwrap();
        assert_eq!(
            (read.bytes.len(), before - PIECES.available_permits()),
            (PIECE + 1, 2)
        );
        drop(read);
        assert_eq!(PIECES.available_permits(), before);
        assert!(matches!(
            whole(Body::from(vec![7; MOST + 1])).await,
            Err(Stopped::TooLarge)
        ));
    }
}
