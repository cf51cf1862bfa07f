//! What was touched lately, for whoever listens: kept for a while, joined on the way out.

use crate::domain::Seq;
use crate::index::Touched;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Ids that are remembered; older news is answered by [`News::Reset`].
const KEPT_IDS: usize = 50_000;
/// Most ids of one event; who missed more than that reads anew.
const MOST_IDS: usize = 1_000;

/// What happened between two numbers of the feed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// Up to here the listener had heard.
    pub from_seq: i64,
    /// Up to here this tells.
    pub to_seq: i64,
    /// Locations that were added, changed, moved or removed.
    pub ids: Vec<Arc<str>>,
    /// The box round where they were and are: west, south, east, north; none when nothing is or was shown.
    pub bbox: Option<[f64; 4]>,
}

/// What a listener is told.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// What was touched.
    Event(Event),
    /// Too much, or too long ago: read anew; the present number.
    Reset(Seq),
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Event>,
    ids: usize,
}

/// The events of the last while.
#[derive(Debug, Default)]
pub struct Journal(Mutex<Kept>);

fn join(a: Option<[f64; 4]>, b: Option<[f64; 4]>) -> Option<[f64; 4]> {
    match (a, b) {
        (Some(a), Some(b)) => Some([a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]),
        (one, other) => one.or(other),
    }
}

impl Journal {
    /// Writes down what was touched between two numbers.
    pub fn note(&self, from: Seq, to: Seq, touched: &Touched) {
        let mut event = Event { from_seq: from.0, to_seq: to.0, ids: Vec::with_capacity(touched.0.len()), bbox: None };
        for place in &touched.0 {
            event.ids.push(place.id.as_str().into());
            for p in [place.before, place.after].into_iter().flatten() {
                event.bbox = join(event.bbox, Some([p.lon(), p.lat(), p.lon(), p.lat()]));
            }
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.ids += event.ids.len() + 1;
        kept.entries.push_back(event);
        while kept.ids > KEPT_IDS {
            let Some(oldest) = kept.entries.pop_front() else { break };
            kept.ids -= oldest.ids.len() + 1;
        }
    }

    /// What a listener who heard everything up to `cursor` has missed up to `now`; nothing when it has missed nothing.
    pub fn since(&self, cursor: Seq, now: Seq) -> Option<News> {
        if cursor == now {
            return None;
        }
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let missed = kept.entries.partition_point(|e| e.to_seq <= cursor.0);
        let missed = || kept.entries.range(missed..).take_while(|e| e.to_seq <= now.0);
        // A number from the future belongs to another store; one before the first entry is not kept any more.
        let known = cursor < now && missed().next().is_some_and(|first| first.from_seq <= cursor.0);
        if !known || missed().map(|e| e.ids.len()).sum::<usize>() > MOST_IDS {
            return Some(News::Reset(now));
        }
        let mut event = Event { from_seq: cursor.0, to_seq: now.0, ids: Vec::new(), bbox: None };
        for e in missed() {
            event.ids.extend(e.ids.iter().cloned());
            event.bbox = join(event.bbox, e.bbox);
        }
        event.ids.sort_unstable();
        event.ids.dedup();
        Some(News::Event(event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LocationId;
    use crate::geometry::LonLat;
    use crate::index::TouchedPlace;

    fn touched(id: &str, lon: f64) -> Touched {
        Touched(vec![TouchedPlace {
            id: LocationId::new(id).unwrap(),
            before: None,
            after: Some(LonLat::new(lon, 45.0).unwrap()),
        }])
    }

    #[test]
    fn what_was_missed_is_joined() {
        let journal = Journal::default();
        journal.note(Seq(4), Seq(5), &touched("b", 42.0));
        journal.note(Seq(5), Seq(6), &touched("a", 41.0));
        journal.note(Seq(6), Seq(7), &touched("b", 43.0));
        let Some(News::Event(event)) = journal.since(Seq(5), Seq(7)) else { panic!("an event") };
        assert_eq!((event.from_seq, event.to_seq), (5, 7));
        assert_eq!(event.ids, vec!["a".into(), Arc::<str>::from("b")]);
        assert_eq!(event.bbox, Some([41.0, 45.0, 43.0, 45.0]));
        assert_eq!(journal.since(Seq(7), Seq(7)), None);
    }

    #[test]
    fn who_missed_too_much_reads_anew() {
        let journal = Journal::default();
        assert_eq!(journal.since(Seq(1), Seq(9)), Some(News::Reset(Seq(9))), "nothing is kept");
        journal.note(Seq(8), Seq(9), &touched("a", 41.0));
        assert_eq!(journal.since(Seq(3), Seq(9)), Some(News::Reset(Seq(9))), "before what is kept");
        assert_eq!(journal.since(Seq(30), Seq(9)), Some(News::Reset(Seq(9))), "of another store");
        for seq in 9..2_000 {
            journal.note(Seq(seq), Seq(seq + 1), &touched("a", 41.0));
        }
        assert_eq!(journal.since(Seq(8), Seq(2_000)), Some(News::Reset(Seq(2_000))), "too many ids");
        assert!(matches!(journal.since(Seq(1_500), Seq(2_000)), Some(News::Event(_))));
    }
}
