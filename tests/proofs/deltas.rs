//! After any edits, during any merge and right after it, the answers are those of a fresh start and of a scan.

use crate::brute::{Scan, anywhere, at, awkward, awkward_query, bare, index, now, rng, segment};
use crate::filters::{Asked, vary};
use crate::within::pages;
use proptest::prelude::*;
use rand::RngExt;
use ryadom::domain::change::{Change, ChangeBatch};
use ryadom::domain::location::Published;
use ryadom::domain::{Benefit, BenefitKind, Category, FixedClock, LocationId, Partner, PartnerId, Seq, State};
use ryadom::feed::pump::Pump;
use ryadom::feed::{FeedState, bootstrap};
use ryadom::geometry::{Bbox, LonLat};
use ryadom::index::segment::Segment;
use ryadom::index::{Filter, Merge, Options, Snapshot, SpatialIndex, Touched};
use ryadom::store::{Put, Store};
use ryadom::tiles::Tiler;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

type Model = BTreeMap<String, Published>;

/// Ids that edits choose from; few, so that edits meet.
const IDS: u64 = 40;

fn id(n: u64) -> String {
    format!("s-{n:02}")
}

/// Positions that edits choose from: piles, poles, both names of the antimeridian, a cluster, far away.
fn spot(n: u64) -> LonLat {
    let spots = [
        at(41.97, 45.04),
        at(41.97, 45.04),
        at(41.970_01, 45.04),
        at(0.0, 90.0),
        at(77.0, 90.0),
        at(10.0, -90.0),
        at(180.0, 60.0),
        at(-180.0, 60.0),
        at(179.9999, 60.0),
        at(-179.9999, 60.0),
        at(0.0, 0.0),
        at(-138.03, -45.04),
    ];
    if n.is_multiple_of(3) { anywhere(&mut rng(n)) } else { spots[(n % spots.len() as u64) as usize] }
}

#[derive(Debug, Clone)]
enum Edit {
    /// Whole new content.
    New(u64, u64),
    /// The others change one thing of what is there; of nothing they make something new.
    Move(u64, u64),
    Rename(u64, u64),
    Recategorise(u64, u64),
    Rehour(u64, u64),
    Rebenefit(u64, u64),
    Remove(u64),
}

#[derive(Debug, Clone)]
enum Step {
    Batch(Vec<Edit>),
    Begin,
    Run,
    Finish,
    Abandon,
}

fn edit() -> impl Strategy<Value = Edit> {
    let pair = || (0..IDS, 0..1_000_u64);
    prop_oneof![
        3 => pair().prop_map(|(id, n)| Edit::New(id, n)),
        2 => pair().prop_map(|(id, n)| Edit::Move(id, n)),
        1 => pair().prop_map(|(id, n)| Edit::Rename(id, n)),
        1 => pair().prop_map(|(id, n)| Edit::Recategorise(id, n)),
        1 => pair().prop_map(|(id, n)| Edit::Rehour(id, n)),
        1 => pair().prop_map(|(id, n)| Edit::Rebenefit(id, n)),
        4 => (0..IDS).prop_map(Edit::Remove),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => prop::collection::vec(edit(), 0..8).prop_map(Step::Batch),
        // Several words on one location in one batch.
        2 => (0..IDS, prop::collection::vec(edit(), 1..5)).prop_map(|(id, edits)| {
            Step::Batch(edits.into_iter().map(|e| of_id(&e, id)).collect())
        }),
        3 => Just(Step::Begin),
        2 => Just(Step::Run),
        3 => Just(Step::Finish),
        1 => Just(Step::Abandon),
    ]
}

fn of_id(edit: &Edit, id: u64) -> Edit {
    match *edit {
        Edit::New(_, n) => Edit::New(id, n),
        Edit::Move(_, n) => Edit::Move(id, n),
        Edit::Rename(_, n) => Edit::Rename(id, n),
        Edit::Recategorise(_, n) => Edit::Recategorise(id, n),
        Edit::Rehour(_, n) => Edit::Rehour(id, n),
        Edit::Rebenefit(_, n) => Edit::Rebenefit(id, n),
        Edit::Remove(_) => Edit::Remove(id),
    }
}

fn fresh(id: &str, n: u64) -> Published {
    let mut p = bare(id, spot(n));
    vary(&mut p, &mut rng(n));
    p.location.category = Category::ALL[n as usize % Category::ALL.len()];
    p
}

/// What an edit makes of the location, from where the model has it.
fn change(model: &Model, edit: &Edit) -> Change {
    let (n, seed) = match *edit {
        Edit::Remove(n) => return Change::Remove(LocationId::new(&id(n)).expect("an id")),
        Edit::New(n, seed)
        | Edit::Move(n, seed)
        | Edit::Rename(n, seed)
        | Edit::Recategorise(n, seed)
        | Edit::Rehour(n, seed)
        | Edit::Rebenefit(n, seed) => (n, seed),
    };
    let new = fresh(&id(n), seed);
    let Some(mut p) = model.get(&id(n)).cloned() else { return Change::Put(Box::new(new)) };
    p.version += 1;
    match edit {
        Edit::Move(..) => p.location.position = new.location.position,
        Edit::Rename(..) => p.location.name = format!("Кафе {seed}"),
        Edit::Recategorise(..) => {
            p.location.category = new.location.category;
            p.location.categories_more = new.location.categories_more;
        }
        Edit::Rehour(..) => {
            p.location.hours = new.location.hours;
            p.location.time_zone = new.location.time_zone;
        }
        Edit::Rebenefit(..) => p.location.benefits = new.location.benefits,
        Edit::New(..) | Edit::Remove(_) => p = new,
    }
    Change::Put(Box::new(p))
}

/// Applies to the model; answers what must have been touched.
fn apply_to_model(model: &mut Model, changes: &[Change]) -> BTreeMap<String, (Option<LonLat>, Option<LonLat>)> {
    let mut touched = BTreeMap::new();
    for change in changes {
        let id = change.location_id().to_string();
        let before = model.get(&id).map(|p| p.location.position);
        match change {
            Change::Put(p) => model.insert(id.clone(), (**p).clone()),
            Change::Remove(_) => model.remove(&id),
        };
        let after = model.get(&id).map(|p| p.location.position);
        touched.entry(id).or_insert((before, None)).1 = after;
    }
    touched.retain(|_, (before, after)| before.is_some() || after.is_some());
    touched
}

fn check_touched(told: &Touched, wanted: &BTreeMap<String, (Option<LonLat>, Option<LonLat>)>) {
    let mut as_told = BTreeMap::new();
    for t in &told.0 {
        assert!(as_told.insert(t.id.to_string(), (t.before, t.after)).is_none(), "{} is told of twice", t.id);
    }
    assert_eq!(&as_told, wanted);
}

fn asked() -> Vec<Asked> {
    let a = Asked::default;
    vec![
        a(),
        Asked { categories: vec![Category::Museum], ..a() },
        Asked { categories: vec![Category::Cafe, Category::Library, Category::Shop], ..a() },
        Asked { benefits: vec![BenefitKind::Gift, BenefitKind::Fixed], ..a() },
        Asked { open_at: Some(now()), ..a() },
        Asked { q: Some("ёж"), ..a() },
        Asked { q: Some("кафе"), categories: vec![Category::Museum, Category::Cinema], ..a() },
    ]
}

/// Compares everything that can be asked of a snapshot with a fresh start from the model and with scans.
fn check(snapshot: &Snapshot, model: &Model, seed: u64) {
    // Loaded in another order than edits came in, as a database would.
    let anew = SpatialIndex::from_segment(
        segment(model.values().rev()),
        snapshot.seq(),
        Arc::new(FixedClock::at(now())),
        Options::default(),
    );
    let anew = anew.current();
    assert_eq!(snapshot.len(), model.len());
    assert_eq!(snapshot.is_empty(), model.is_empty());
    let mut listed: Vec<&str> = snapshot.iter().map(|f| f.id()).collect();
    listed.sort_unstable();
    assert_eq!(listed, model.keys().map(String::as_str).collect::<Vec<_>>());
    for n in 0..=IDS {
        let id = id(n);
        let (found, wanted) = (snapshot.lookup(&id), anew.lookup(&id));
        assert_eq!(found.is_some(), model.contains_key(&id), "{id}");
        let (Some(found), Some(wanted)) = (found, wanted) else { continue };
        let l = &model[&id].location;
        assert_eq!((found.id(), found.position()), (id.as_str(), l.position));
        assert_eq!(found.code(), wanted.code());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("JSON is UTF-8");
        assert_eq!(text(found.list_part()), text(wanted.list_part()));
        assert_eq!(text(found.card_part()), text(wanted.card_part()));
        assert_eq!(found.schedule().hours, l.hours);
        assert_eq!(found.schedule().time_zone, l.time_zone);
        let (mut open, mut wanted_open) = (Vec::new(), Vec::new());
        assert_eq!(found.splice_open(now(), &mut open), wanted.splice_open(now(), &mut wanted_open));
        assert_eq!(text(&open), text(&wanted_open));
    }
    let mut rng = rng(seed);
    let world = Bbox::new(-180.0, -90.0, 180.0, 90.0).expect("a box");
    let boxes = [
        world,
        Bbox::new(179.0, 50.0, -179.0, 70.0).expect("a box"),
        Bbox::new(41.97, 45.04, 41.97, 45.04).expect("a box"),
        Bbox::new(-180.0, 86.0, 180.0, 90.0).expect("a box"),
    ];
    for asked in asked() {
        let filter = asked.filter();
        let matching: Vec<&Published> = model.values().filter(|p| asked.matches(p)).collect();
        assert_eq!(snapshot.count(&filter), matching.len(), "{asked:?}");
        let from = spot(rng.random_range(0..1_000));
        for limit in [1, 5, 50] {
            for max_distance_m in [f64::INFINITY, 200_000.0] {
                let found = snapshot.nearest(from, limit, max_distance_m, &filter);
                let scan = Scan::new(matching.iter().copied(), from, limit);
                if let Err(wrong) = scan.check(&found, limit, max_distance_m) {
                    panic!("{asked:?}: {wrong}");
                }
                let wanted = anew.nearest(from, limit, max_distance_m, &filter);
                let told = |n: &ryadom::index::nearest::Nearest<'_>| -> Vec<(String, u64)> {
                    n.neighbours.iter().map(|n| (n.place.id().to_owned(), n.distance_m.to_bits())).collect()
                };
                assert_eq!((told(&found), found.complete), (told(&wanted), wanted.complete), "{asked:?}");
            }
        }
        for b in &boxes {
            let mut inside: Vec<&str> =
                matching.iter().filter(|p| b.contains(p.location.position)).map(|p| p.location.id.as_str()).collect();
            inside.sort_unstable();
            for limit in [1, 7, 1_000] {
                let mut listed = pages(snapshot, b, limit, &filter);
                assert_eq!(listed, pages(&anew, b, limit, &filter), "{asked:?} {b:?}");
                listed.sort_unstable();
                assert_eq!(listed, inside, "{asked:?} {b:?}");
            }
        }
    }
}

/// What was applied while a merge ran, and how far the merge is.
#[derive(Default)]
struct Merging {
    merge: Option<Merge>,
    made: Option<Segment>,
}

fn play(start: &[Edit], steps: &[Step], delta_min: usize) {
    let mut model = Model::new();
    for edit in start {
        let change = change(&model, edit);
        apply_to_model(&mut model, &[change]);
    }
    let index = index(model.values(), Options { delta_min, ..Options::default() });
    let mut merging = Merging::default();
    let mut seq = 1;
    check(&index.current(), &model, 0);
    for (i, step) in steps.iter().enumerate() {
        match step {
            Step::Batch(edits) => {
                // What an edit makes depends on the edits before it in the same batch.
                let mut ahead = model.clone();
                let changes: Vec<Change> = edits
                    .iter()
                    .map(|edit| {
                        let change = change(&ahead, edit);
                        apply_to_model(&mut ahead, std::slice::from_ref(&change));
                        change
                    })
                    .collect();
                seq += 1;
                let told = index.apply(&ChangeBatch { to_seq: Seq(seq), changes: changes.clone() });
                check_touched(&told, &apply_to_model(&mut model, &changes));
            }
            Step::Begin => {
                let (delta, dead) = index.current().delta_len();
                let base = index.current().len() + dead - delta;
                let begun = index.begin_merge();
                let due = merging.merge.is_none() && delta + dead > delta_min.max(base / 100);
                assert_eq!(begun.is_some(), due, "delta {delta}, dead {dead}, at least {delta_min}");
                if let Some(begun) = begun {
                    merging = Merging { merge: Some(begun), made: None };
                }
            }
            Step::Run => {
                if let Some(merge) = &merging.merge {
                    merging.made.get_or_insert_with(|| merge.run());
                }
            }
            Step::Finish => {
                if let Some(merge) = merging.merge.take() {
                    index.finish_merge(merging.made.take().unwrap_or_else(|| merge.run()));
                }
            }
            Step::Abandon => {
                index.abandon_merge();
                merging = Merging::default();
            }
        }
        assert_eq!(index.current().seq(), Seq(seq));
        check(&index.current(), &model, i as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_edits_and_merges_answer_as_a_fresh_start(
        start in prop::collection::vec(edit(), 0..40),
        steps in prop::collection::vec(step(), 1..20),
        delta_min in 0..6_usize,
    ) {
        play(&start, &steps, delta_min);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "slow: make test-full"]
    fn any_edits_and_merges_answer_as_a_fresh_start_at_length(
        start in prop::collection::vec(edit(), 0..60),
        steps in prop::collection::vec(step(), 1..40),
        delta_min in 0..12_usize,
    ) {
        play(&start, &steps, delta_min);
    }
}

/// The rules of a merge one by one, so that each is met whatever chance brings.
#[test]
fn what_happens_during_a_merge_outlives_it() {
    let put = |n, seed| Change::Put(Box::new(fresh(&id(n), seed)));
    let gone = |n| Change::Remove(LocationId::new(&id(n)).unwrap());
    let mut model = Model::new();
    let base: Vec<Change> = (0..10).map(|n| put(n, n + 1)).collect();
    apply_to_model(&mut model, &base);
    let index = index(model.values(), Options { delta_min: 0, ..Options::default() });
    let mut seq = 1;
    let mut apply = |changes: Vec<Change>, model: &mut Model| {
        seq += 1;
        let told = index.apply(&ChangeBatch { to_seq: Seq(seq), changes: changes.clone() });
        check_touched(&told, &apply_to_model(model, &changes));
        check(&index.current(), model, seq as u64);
    };
    // Before: 0 moved, 1 removed, 20 and 21 new.
    apply(vec![put(0, 100), gone(1), put(20, 101), put(21, 102)], &mut model);
    let merge = index.begin_merge().expect("due");
    assert!(index.begin_merge().is_none(), "one at a time");
    // During: one of each kind, of the base, of the delta and of neither.
    apply(vec![put(0, 103), gone(20), put(21, 104), put(1, 105), gone(2), put(3, 106), put(22, 107)], &mut model);
    let made = merge.run();
    // After it was worked out and before it is put in place; 23 comes and goes meanwhile.
    apply(vec![put(23, 108), gone(4), put(2, 109), gone(22)], &mut model);
    apply(vec![gone(23), gone(39), gone(3), put(3, 110)], &mut model);
    let before = index.current();
    index.finish_merge(made);
    assert_eq!(index.current().seq(), before.seq());
    check(&index.current(), &model, 1);
    check(&before, &model, 1);
    // And once more to the end: everything into the base, then nothing is due.
    let merge = index.begin_merge().expect("due");
    index.finish_merge(merge.run());
    assert_eq!(index.current().delta_len(), (0, 0));
    check(&index.current(), &model, 2);
    assert!(index.begin_merge().is_none());
    // A merge that was given up leaves no trace, and what it left the next one takes.
    apply(vec![gone(0), put(24, 111)], &mut model);
    let lost = index.begin_merge().expect("due");
    apply(vec![put(25, 112)], &mut model);
    index.abandon_merge();
    drop(lost);
    apply(vec![gone(25), put(0, 113)], &mut model);
    let merge = index.begin_merge().expect("due");
    index.finish_merge(merge.run());
    assert_eq!(index.current().delta_len(), (0, 0));
    check(&index.current(), &model, 3);
    // A base that nobody asked for is not taken.
    index.finish_merge(Segment::default());
    check(&index.current(), &model, 4);
}

#[test]
fn a_batch_of_nothing_moves_the_number_only() {
    let index = index(&[bare("a", at(1.0, 2.0))], Options::default());
    let told = index.apply(&ChangeBatch { to_seq: Seq(7), changes: Vec::new() });
    assert_eq!((told, index.current().seq(), index.current().len()), (Touched::default(), Seq(7), 1));
    let told = index
        .apply(&ChangeBatch { to_seq: Seq(8), changes: vec![Change::Remove(LocationId::new("unknown").unwrap())] });
    assert_eq!((told, index.current().seq(), index.current().len()), (Touched::default(), Seq(8), 1));
}

/// Many places: 10,000 with thousands of edits, asked before, during and right after merges.
#[test]
fn nearest_equals_a_scan_during_deltas_and_right_after_a_merge() {
    let mut model: Model = awkward(51, 10_000).into_iter().map(|p| (p.location.id.to_string(), p)).collect();
    let mut news = awkward(52, 4_000);
    for p in news.iter_mut().skip(2_000) {
        // Half of them are new, the others take the place of old ones.
        p.location.id = LocationId::new(&format!("n-{}", p.location.id)).unwrap();
    }
    let ids: Vec<String> = model.keys().cloned().collect();
    let index = index(model.values(), Options { delta_min: 500, ..Options::default() });
    let mut rng = rng(51);
    let ask = |snapshot: &Snapshot, model: &Model, rng: &mut rand::rngs::StdRng| {
        let places: Vec<Published> = model.values().cloned().collect();
        for _ in 0..6 {
            let from = awkward_query(rng, &places);
            let asked = [Asked::default(), Asked { categories: vec![Category::Grocery], ..Asked::default() }];
            for asked in asked {
                let scan = Scan::new(places.iter().filter(|p| asked.matches(p)), from, 20);
                for limit in [1, 20] {
                    let found = snapshot.nearest(from, limit, f64::INFINITY, &asked.filter());
                    if let Err(wrong) = scan.check(&found, limit, f64::INFINITY) {
                        panic!("{wrong}");
                    }
                }
            }
        }
    };
    let mut merges = 0;
    let mut merge: Option<Merge> = None;
    for (seq, news) in (2..).zip(news.chunks(200)) {
        let mut changes: Vec<Change> = news.iter().cloned().map(|p| Change::Put(Box::new(p))).collect();
        for _ in 0..100 {
            let id = LocationId::new(&ids[rng.random_range(0..ids.len())]).unwrap();
            changes.push(Change::Remove(id));
        }
        let told = index.apply(&ChangeBatch { to_seq: Seq(seq), changes: changes.clone() });
        check_touched(&told, &apply_to_model(&mut model, &changes));
        ask(&index.current(), &model, &mut rng);
        if let Some(merge) = merge.take() {
            index.finish_merge(merge.run());
            merges += 1;
            ask(&index.current(), &model, &mut rng);
        }
        merge = index.begin_merge();
    }
    assert!(merges >= 3, "{merges}");
}

/// Readers on other threads see whole moments, and a moment that is held does not change.
#[test]
fn readers_see_whole_moments_while_a_writer_and_a_merger_work() {
    const BATCHES: u64 = 300;
    let mut model = Model::new();
    for n in 0..IDS {
        model.insert(id(n), fresh(&id(n), n));
    }
    let from = spot(1);
    let index = index(model.values(), Options { delta_min: 3, ..Options::default() });
    // What must be seen at each number.
    let answer = |model: &Model| -> BTreeSet<String> { model.keys().cloned().collect() };
    let (mut moments, mut batches) = (vec![BTreeSet::new(), answer(&model)], Vec::new());
    for (seq, n) in (2..).zip(0..BATCHES) {
        // Two at once: one comes, one goes, so a half-applied batch would show.
        let changes = vec![
            Change::Put(Box::new(fresh(&id(n * 7 % IDS), n))),
            Change::Remove(LocationId::new(&id((n * 7 + 13) % IDS)).unwrap()),
        ];
        apply_to_model(&mut model, &changes);
        moments.push(answer(&model));
        batches.push(ChangeBatch { to_seq: Seq(seq), changes });
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut last = Seq(0);
                let mut held = index.current();
                while !done.load(Ordering::Relaxed) {
                    let snapshot = index.current();
                    assert!(snapshot.seq() >= last, "time does not run backwards");
                    last = snapshot.seq();
                    for snapshot in [&snapshot, &held] {
                        let found = snapshot.nearest(from, 100, f64::INFINITY, &Filter::default());
                        let ids: BTreeSet<String> = found.neighbours.iter().map(|n| n.place.id().to_owned()).collect();
                        assert_eq!(ids, moments[snapshot.seq().0 as usize], "at {}", snapshot.seq());
                        assert_eq!(snapshot.len(), ids.len());
                    }
                    if last.0 % 5 == 0 {
                        held = snapshot;
                    }
                }
            });
        }
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                if let Some(merge) = index.begin_merge() {
                    let made = merge.run();
                    std::thread::yield_now();
                    index.finish_merge(made);
                }
            }
        });
        for batch in &batches {
            index.apply(batch);
            std::thread::sleep(std::time::Duration::from_micros(300));
        }
        done.store(true, Ordering::Relaxed);
    });
    check(&index.current(), &model, 0);
}

/// The same through the store and the pump: what flows as changes is what a cold start reads.
async fn replay(start: &[Edit], batches: &[Vec<Edit>]) {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(&format!("sqlite://{}", dir.path().join("r.db").display())).await.expect("a store");
    store.migrate().await.expect("tables");
    let clock = Arc::new(FixedClock::at(now()));
    let put = Put { actor: "operator:test".into(), at: now(), origin: "import" };
    let mut model = Model::new();
    let mut tx = store.begin().await.expect("a write");
    let partner = |name: &str| Partner {
        id: PartnerId::new("p-1").expect("an id"),
        name: name.to_owned(),
        legal_name: None,
        inn: None,
        ogrn: None,
        kpp: None,
        state: State::Published,
    };
    tx.put_partners(&[partner("Организация")], &put).await.expect("a partner");
    tx.commit().await.expect("a commit");
    let loaded = bootstrap::load(&store, clock.clone()).await.expect("a start");
    let index = Arc::new(SpatialIndex::from_segment(
        loaded.segment,
        loaded.seq,
        clock.clone(),
        Options { delta_min: 5, ..Options::default() },
    ));
    let state = Arc::new(FeedState::at(loaded.seq, &[], now()));
    let mut pump = Pump::new(store.clone(), Arc::clone(&index), Arc::new(Tiler::new(1 << 20)), state, clock.clone());
    for (i, edits) in std::iter::once(start).chain(batches.iter().map(Vec::as_slice)).enumerate() {
        let mut tx = store.begin().await.expect("a write");
        for edit in edits {
            let change = change(&model, edit);
            apply_to_model(&mut model, std::slice::from_ref(&change));
            match change {
                Change::Put(p) => {
                    tx.publish(&[p.location], &put).await.expect("a place");
                }
                Change::Remove(id) => {
                    tx.archive(&[id], &put).await.expect("no place");
                }
            }
        }
        if i % 4 == 3 {
            // The partner's name stands on every card.
            tx.put_partners(&[partner(&format!("Организация {i}"))], &put).await.expect("a partner");
        }
        tx.commit().await.expect("a commit");
        // Now and then several writes lie between two looks.
        if i % 3 != 1 {
            pump.drain().await.expect("a feed");
        }
    }
    pump.drain().await.expect("a feed");
    let anew = bootstrap::load(&store, clock.clone()).await.expect("a start");
    assert_eq!(index.current().seq(), anew.seq);
    let anew = SpatialIndex::from_segment(anew.segment, anew.seq, clock, Options::default()).current();
    let cards = |snapshot: &Snapshot| -> BTreeMap<String, String> {
        snapshot
            .iter()
            .map(|f| (f.id().to_owned(), String::from_utf8(f.card_part().to_vec()).expect("JSON is UTF-8")))
            .collect()
    };
    assert_eq!(cards(&index.current()), cards(&anew));
    // Versions and the partner's name are the store's; all else is as the model has it.
    let snapshot = index.current();
    for asked in asked() {
        let filter = asked.filter();
        let matching: Vec<&Published> = model.values().filter(|p| asked.matches(p)).collect();
        assert_eq!((snapshot.count(&filter), anew.count(&filter)), (matching.len(), matching.len()), "{asked:?}");
        for n in 0..4 {
            let scan = Scan::new(matching.iter().copied(), spot(n), 10);
            for snapshot in [&snapshot, &anew] {
                if let Err(wrong) =
                    scan.check(&snapshot.nearest(spot(n), 10, f64::INFINITY, &filter), 10, f64::INFINITY)
                {
                    panic!("{asked:?}: {wrong}");
                }
            }
        }
    }
    store.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn replaying_the_feed_gives_the_answers_of_a_fresh_start(
        start in prop::collection::vec(edit(), 0..30),
        batches in prop::collection::vec(prop::collection::vec(edit(), 0..8), 1..10),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(replay(&start, &batches));
    }
}

/// A benefit that is not in force today is not what a filter finds, in the base as in the delta.
#[test]
fn benefits_are_judged_on_the_places_own_day() {
    let mut east = bare("east", at(159.0, 53.0));
    east.location.time_zone = chrono_tz::Pacific::Kiritimati; // 23:00 of the 22nd
    let mut west = bare("west", at(-150.0, 61.0));
    west.location.time_zone = chrono_tz::Pacific::Pago_Pago; // 22:00 of the 21st
    let only_21st = Benefit {
        kind: Some(BenefitKind::Gift),
        value: None,
        title: "Подарок".into(),
        terms: None,
        from: None,
        to: "2026-11-21".parse().ok(),
        hours: None,
    };
    for p in [&mut east, &mut west] {
        p.location.benefits = vec![only_21st.clone()];
    }
    let gifts = |snapshot: &Snapshot| {
        let filter = Filter::default().benefits([BenefitKind::Gift]);
        let found = snapshot.nearest(at(0.0, 0.0), 10, f64::INFINITY, &filter);
        found.neighbours.iter().map(|n| n.place.id().to_owned()).collect::<Vec<_>>()
    };
    let started = index([&east, &west], Options::default());
    assert_eq!(gifts(&started.current()), ["west"]);
    let fed = index([], Options::default());
    let changes = vec![Change::Put(Box::new(east)), Change::Put(Box::new(west))];
    fed.apply(&ChangeBatch { to_seq: Seq(2), changes });
    assert_eq!(gifts(&fed.current()), ["west"]);
}
