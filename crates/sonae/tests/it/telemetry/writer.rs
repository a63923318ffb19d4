//! The writer of detections: in groups, each batch once, bounded whoever comes.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use clap::Parser;
use sonae::config::DataArgs;
use sonae::telemetry::opened::Opened;
use sonae::telemetry::reading::Reader;
use sonae::telemetry::writer::{NotStored, Writer};
use sonae_telemetry::TelemetryError;
use sonae_telemetry::batch::{Batch, Origin, Prepared, Source};
use sonae_telemetry::block::Packer;
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::ingest::Answer;
use sonae_telemetry::lines::Lines;

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    data: DataArgs,
}

fn opened(folder: &tempfile::TempDir) -> Arc<Opened> {
    let folder = folder.path().display().to_string();
    let flags = Flags::parse_from(["sonae", "--data", &folder]);
    Arc::new(Opened::beside(&flags.data))
}

fn batch(id: &str, text: &str) -> Prepared {
    let now_us = 1_780_000_000_000_000;
    let source = Source {
        id: "source".to_owned(),
        company: "company".to_owned(),
        device: "SN-1".to_owned(),
    };
    let origin = Origin::Sent {
        batch_id: id.to_owned(),
        hash: [text.len() as u8; 32],
    };
    let arrival = Arrival {
        received_us: now_us,
        live: true,
    };
    let mut packer = Packer::new();
    let mut batch = Batch::begin(source, origin, arrival, &mut packer);
    let mut reader = Reader::new(None, now_us);
    let mut lines = Lines::new(text.as_bytes());
    while let Some(piece) = lines.next().unwrap() {
        reader.add(&mut batch, &piece);
    }
    batch.prepare()
}

fn stored(answer: Result<Answer, NotStored>) -> i64 {
    match answer {
        Ok(Answer::Stored(counts)) => counts.lines,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_refuses_whom_it_can_and_lets_the_others_wait() {
    let folder = tempfile::tempdir().unwrap();
    let detections = opened(&folder);
    // Room for two batches.
    let writer = Arc::new(Writer::with_room(detections.clone(), 64));
    let (begun, has_begun) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let holder = std::thread::spawn({
        let detections = detections.clone();
        move || {
            let work = |_: &mut sonae_db::Tx| {
                begun.send(()).unwrap();
                may_go_on.recv().unwrap();
                Ok::<_, TelemetryError>(())
            };
            detections.get().unwrap().db().write(work)
        }
    });
    has_begun.recv().unwrap();
    let offer = |id: &'static str| {
        let writer = writer.clone();
        tokio::spawn(async move { writer.offer(batch(id, "a\nb\n")).await })
    };
    let (first, second) = (offer("1"), offer("2"));
    while writer.counted().kib < 64 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let refused = offer("3").await.unwrap();
    assert!(matches!(refused, Err(NotStored::Full)), "{refused:?}");
    let third = {
        let writer = writer.clone();
        tokio::spawn(async move { writer.store(batch("3", "a\nb\nc\n")).await })
    };
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!first.is_finished() && !third.is_finished());
    go_on.send(()).unwrap();
    holder.join().unwrap().unwrap();
    assert_eq!(stored(first.await.unwrap()), 2);
    assert_eq!(stored(second.await.unwrap()), 2);
    assert_eq!(stored(third.await.unwrap()), 3);
    let counted = writer.counted();
    assert_eq!((counted.batches, counted.lines), (3, 7));
    assert_eq!((counted.refused, counted.waiting, counted.kib), (1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_stored_once_and_none_is_taken_after_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let writer = Writer::open(opened(&folder));
    assert_eq!(stored(writer.offer(batch("1", "a\nb\n")).await), 2);
    let again = writer.store(batch("1", "a\nb\n")).await;
    assert!(matches!(again, Ok(Answer::Before(counts)) if counts.lines == 2));
    let other = writer.offer(batch("1", "something else\n")).await;
    assert!(matches!(other, Ok(Answer::Conflict)), "{other:?}");
    assert_eq!(writer.counted().again, 2);
    writer.close();
    let late = writer.offer(batch("2", "a\n")).await;
    assert!(matches!(late, Err(NotStored::Closing)), "{late:?}");
    let late = writer.store(batch("2", "a\n")).await;
    assert!(matches!(late, Err(NotStored::Closing)), "{late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_opened_fails_the_batch_alone() {
    let folder = tempfile::tempdir().unwrap();
    // A folder stands where the file would be made.
    std::fs::create_dir(folder.path().join("detections.sqlite")).unwrap();
    let writer = Writer::open(opened(&folder));
    let failed = writer.offer(batch("1", "a\n")).await;
    assert!(
        matches!(failed, Err(NotStored::Failed(TelemetryError::Db(_)))),
        "{failed:?}"
    );
    std::fs::remove_dir(folder.path().join("detections.sqlite")).unwrap();
    assert_eq!(stored(writer.offer(batch("1", "a\n")).await), 1);
    assert_eq!(writer.counted().failed, 1);
}
