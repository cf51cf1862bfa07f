//! What every store promises, on both engines.

use crate::harness::ground::{publish, rename};
use crate::harness::places::put_at;
use crate::harness::{Describe, Ground, benefit, day, eventually, noon, on_both_stores, owner_of, partner, place, put};
use ryadom::domain::change::Change;
use ryadom::domain::{Benefit, Category, Location, LocationId, PartnerId, Seq, State};
use ryadom::store::rows::{HoursIntern, LocationRow};
use ryadom::store::{FeedRows, Outcome, Scope, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

on_both_stores! {
    migrating_again_changes_nothing,
    a_new_place_is_created_and_the_same_again_is_nothing,
    a_changed_place_gets_the_next_version,
    an_archived_place_leaves_the_map_and_may_come_back,
    history_keeps_every_published_state,
    a_renamed_partner_touches_its_places_and_no_other,
    an_unchanged_partner_touches_nothing,
    the_feed_is_read_page_by_page,
    compare_tells_what_a_write_would_do,
    scopes_hold_what_their_name_says,
    a_dropped_write_never_was,
    every_field_comes_back_as_it_went_in,
    equal_places_have_equal_hashes_and_every_field_counts,
    places_that_sweep_each_other_are_found_by_id,
    many_writers_and_a_reader_agree,
    publishing_and_archiving_the_same_places_do_not_block_each_other,
    a_batch_of_two_thousand_is_one_write,
    a_row_that_is_no_location_is_told_apart_from_a_failure,
}

async fn feed(store: &Store, after: Seq) -> Option<FeedRows> {
    store.changes_after(after, &mut HoursIntern::default()).await.expect("the feed")
}

fn names(feed: &FeedRows) -> Vec<(String, bool)> {
    feed.changes.iter().map(|c| (c.location_id().as_str().to_owned(), matches!(c, Change::Put(_)))).collect()
}

fn id(text: &str) -> LocationId {
    LocationId::new(text).expect("an id of a test")
}

async fn stored(store: &Store, of: &str) -> (Location, State, i64) {
    let found = store.lookup_location(&id(of)).await.expect("the store answers").expect("it is known");
    let found = found.expect("a sound row");
    (found.location, found.state, found.version)
}

async fn migrating_again_changes_nothing(ground: Ground) {
    let (seq, _) = ground.publish(&[place("a")]).await;
    ground.store.migrate().await.expect("nothing to do");
    let other = ground.another_store().await;
    other.migrate().await.expect("nothing to do");
    assert_eq!(other.head().await.unwrap(), seq);
    assert_eq!(stored(&other, "a").await.0, place("a"));
    other.close().await;
    ground.stop().await;
}

/// Two processes that are started at once on a new database.
async fn migrate_at_once(ground: Ground) {
    let others = [ground.another_store().await, ground.another_store().await, ground.another_store().await];
    let (a, b, c, d) =
        tokio::join!(ground.store.migrate(), others[0].migrate(), others[1].migrate(), others[2].migrate());
    for done in [a, b, c, d] {
        done.expect("one migrates, the others find it done");
    }
    ground.publish(&[place("a")]).await;
    for other in others {
        assert_eq!(other.head().await.unwrap(), Seq(1));
        other.close().await;
    }
    ground.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_sqlite_file_may_be_migrated_by_several_at_once() {
    for _ in 0..5 {
        migrate_at_once(Ground::bare_sqlite().await).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_postgis_database_may_be_migrated_by_several_at_once() {
    if let Some(ground) = Ground::bare_postgis("a_new_postgis_database_may_be_migrated_by_several_at_once").await {
        ground.sql("DROP EXTENSION postgis CASCADE").await;
        migrate_at_once(ground).await;
    }
}

async fn a_new_place_is_created_and_the_same_again_is_nothing(ground: Ground) {
    assert_eq!(ground.store.head().await.unwrap(), Seq(0));
    let a = place("a").with_everything();
    assert_eq!(ground.publish(&[a.clone(), place("b")]).await, (Seq(1), vec![Outcome::Created; 2]));
    assert_eq!(ground.publish(&[place("b"), a.clone()]).await, (Seq(1), vec![Outcome::Unchanged; 2]));
    assert_eq!(stored(&ground.store, "a").await, (a, State::Published, 1));
    assert_eq!(ground.feed_table().await, [(1, "a".to_owned()), (1, "b".to_owned())]);
    assert_eq!(ground.store.history_of(&id("a")).await.unwrap().len(), 1);
    ground.stop().await;
}

async fn a_changed_place_gets_the_next_version(ground: Ground) {
    ground.publish(&[place("a"), place("b")]).await;
    let changed = place("a").named("Другое имя");
    let (seq, outcomes) = ground.publish(&[place("b"), changed.clone()]).await;
    assert_eq!((seq, outcomes), (Seq(2), vec![Outcome::Unchanged, Outcome::Changed]));
    assert_eq!(stored(&ground.store, "a").await, (changed, State::Published, 2));
    assert_eq!(stored(&ground.store, "b").await.2, 1);
    assert_eq!(ground.feed_table().await.last(), Some(&(2, "a".to_owned())));
    ground.stop().await;
}

async fn an_archived_place_leaves_the_map_and_may_come_back(ground: Ground) {
    ground.publish(&[place("a"), place("b")]).await;
    assert_eq!(ground.archive(&["a", "unknown"]).await, (Seq(2), 1));
    assert_eq!(ground.archive(&["a"]).await, (Seq(2), 0), "archived once");
    assert_eq!(stored(&ground.store, "a").await.1, State::Archived);
    let after = feed(&ground.store, Seq(1)).await.unwrap();
    assert_eq!(names(&after), [("a".to_owned(), false)]);
    let mut shown = Vec::new();
    let head = ground.store.each_published(|p| shown.push(p.unwrap().location.id.to_string())).await.unwrap();
    assert_eq!((head, shown), (Seq(2), vec!["b".to_owned()]));

    let (seq, outcomes) = ground.publish(&[place("a")]).await;
    assert_eq!((seq, outcomes), (Seq(3), vec![Outcome::Changed]), "the same content, but it is on the map again");
    assert_eq!(stored(&ground.store, "a").await, (place("a"), State::Published, 3));
    assert_eq!(names(&feed(&ground.store, Seq(2)).await.unwrap()), [("a".to_owned(), true)]);
    ground.stop().await;
}

async fn history_keeps_every_published_state(ground: Ground) {
    ground.publish(&[place("a")]).await;
    let mut tx = ground.store.begin().await.unwrap();
    let other = ryadom::store::Put { actor: "operator:other".into(), ..put() };
    tx.publish(&[place("a").named("Второе")], &other).await.unwrap();
    tx.commit().await.unwrap();
    ground.archive(&["a"]).await;
    ground.publish(&[place("a").named("Второе")]).await;
    let history = ground.store.history_of(&id("a")).await.unwrap();
    let rows: Vec<(i64, &str, &str)> =
        history.iter().map(|h| (h.version, h.state.as_str(), h.actor.as_str())).collect();
    let test = "operator:test";
    assert_eq!(
        rows,
        [(4, "published", test), (3, "archived", test), (2, "published", "operator:other"), (1, "published", test)]
    );
    // What stood there can be shown again.
    let kept = ground
        .number(
            "SELECT COUNT(*) FROM location_history WHERE location_id = 'a' AND version IN (2, 3, 4) \
             AND CAST(content AS TEXT) LIKE '%Второе%'",
        )
        .await;
    assert_eq!(kept, 3);
    assert_eq!(
        ground.number("SELECT COUNT(*) FROM location_history WHERE CAST(content AS TEXT) LIKE '%Место a%'").await,
        1
    );
    ground.stop().await;
}

async fn a_renamed_partner_touches_its_places_and_no_other(ground: Ground) {
    ground.publish(&[place("a"), place("b"), place("c").of("q"), place("gone")]).await;
    ground.archive(&["gone"]).await;
    let seq = rename(&ground.store, "p", "Новое имя").await;
    assert_eq!(seq, Seq(3));
    let after = feed(&ground.store, Seq(2)).await.unwrap();
    let shown: Vec<(&str, &str)> = after
        .changes
        .iter()
        .filter_map(|c| match c {
            Change::Put(p) => Some((p.location.id.as_str(), p.partner_name.as_str())),
            Change::Remove(_) => None,
        })
        .collect();
    assert_eq!(shown, [("a", "Новое имя"), ("b", "Новое имя")]);
    assert_eq!(stored(&ground.store, "a").await.2, 1, "the place itself was not edited");

    // A partner that is not published takes its places off the map; back again, they are there.
    let mut suspended = partner("p", "Новое имя");
    suspended.state = State::Suspended;
    let mut tx = ground.store.begin().await.unwrap();
    tx.put_partners(&[suspended], &put()).await.unwrap();
    let seq = tx.commit().await.unwrap();
    let after = feed(&ground.store, Seq(seq.0 - 1)).await.unwrap();
    assert!(names(&after).iter().all(|(_, on_the_map)| !on_the_map), "{after:?}");
    ground.stop().await;
}

/// A writer may publish a new place of a partner while another renames it: the last word on the name must reach it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_published_while_its_partner_is_renamed_is_announced_with_the_new_name() {
    let test = "a_place_published_while_its_partner_is_renamed_is_announced_with_the_new_name";
    // SQLite has one writer at a time.
    let Some(ground) = Ground::postgis(test).await else { return };
    ground.publish(&[place("a")]).await;
    let mut renaming = ground.store.begin().await.unwrap();
    renaming.put_partners(&[partner("p", "Новое имя")], &put()).await.unwrap();
    let mut publishing = ground.store.begin().await.unwrap();
    publishing.publish(&[place("b")], &put()).await.unwrap();
    publishing.commit().await.unwrap();
    // The feed is read in between: readers see the place with the old name.
    let before = feed(&ground.store, Seq(1)).await.unwrap();
    assert_eq!(names(&before), [("b".to_owned(), true)]);
    let seq = renaming.commit().await.unwrap();
    let after = feed(&ground.store, before.to_seq).await.unwrap();
    assert_eq!((after.to_seq, names(&after)), (seq, vec![("a".to_owned(), true), ("b".to_owned(), true)]));
    ground.stop().await;
}

async fn an_unchanged_partner_touches_nothing(ground: Ground) {
    let (seq, _) = ground.publish(&[place("a")]).await;
    let mut tx = ground.store.begin().await.unwrap();
    tx.put_partners(&[owner_of(&place("a")), partner("new", "Без мест")], &put()).await.unwrap();
    assert_eq!(tx.commit().await.unwrap(), seq);
    assert_eq!(ground.number("SELECT COUNT(*) FROM partners").await, 2);
    assert!(feed(&ground.store, seq).await.is_none());
    // A change of a partner without places is no news for the map.
    assert_eq!(rename(&ground.store, "new", "Всё ещё без мест").await, seq);
    ground.stop().await;
}

async fn the_feed_is_read_page_by_page(ground: Ground) {
    let mut want = Vec::new();
    for n in 0..50 {
        let (a, b) = (place(&format!("a{n:02}")), place("every").named(&format!("{n}")));
        ground.publish(&[a.clone(), b]).await;
        want.push(a.id.to_string());
        want.push("every".to_owned());
    }
    let (mut after, mut read, mut pages) = (Seq(0), Vec::new(), 0);
    while let Some(page) = feed(&ground.store, after).await {
        assert!(page.to_seq > after);
        assert!(page.poisoned.is_empty());
        after = page.to_seq;
        read.extend(names(&page).into_iter().map(|(name, _)| name));
        pages += 1;
    }
    assert_eq!((after, read), (Seq(50), want));
    assert!((2..=50).contains(&pages), "{pages} pages");
    assert!(feed(&ground.store, Seq(50)).await.is_none());
    assert!(feed(&ground.store, Seq(1_000)).await.is_none(), "a cursor from another life");
    // From the middle.
    let page = feed(&ground.store, Seq(48)).await.unwrap();
    assert_eq!(names(&page).len(), 4);
    ground.stop().await;
}

async fn compare_tells_what_a_write_would_do(ground: Ground) {
    ground.publish(&[place("same"), place("other"), place("gone")]).await;
    ground.archive(&["gone"]).await;
    let asked = [place("new"), place("other").named("Иначе"), place("gone"), place("same")];
    let told = ground.store.compare(&asked).await.unwrap();
    assert_eq!(told, [Outcome::Created, Outcome::Changed, Outcome::Changed, Outcome::Unchanged]);
    assert_eq!(ground.store.head().await.unwrap(), Seq(2), "asking writes nothing");
    assert_eq!(ground.publish(&asked).await.1, told, "and it was the truth");
    assert_eq!(ground.store.compare(&[]).await.unwrap(), []);
    ground.stop().await;
}

async fn scopes_hold_what_their_name_says(ground: Ground) {
    ground.publish(&[place("a"), place("b").of("q"), place("gone")]).await;
    ground.archive(&["gone"]).await;
    let mut tx = ground.store.begin().await.unwrap();
    let by_hand = ryadom::store::Put { origin: "api", ..put() };
    tx.publish(&[place("hand")], &by_hand).await.unwrap();
    tx.commit().await.unwrap();
    let ids = async |scope: Scope| {
        let mut ids = BTreeSet::new();
        ground.store.each_published_id(&scope, |id| assert!(ids.insert(id.to_owned()))).await.unwrap();
        ids.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(ids(Scope::Imported).await, ["a", "b"]);
    assert_eq!(ids(Scope::Partner(PartnerId::new("p").unwrap())).await, ["a", "hand"]);
    assert_eq!(ids(Scope::Partner(PartnerId::new("q").unwrap())).await, ["b"]);
    assert_eq!(ids(Scope::Partner(PartnerId::new("nobody").unwrap())).await, [""; 0]);
    ground.stop().await;
}

async fn a_dropped_write_never_was(ground: Ground) {
    ground.publish(&[place("a")]).await;
    let mut tx = ground.store.begin().await.unwrap();
    tx.put_partners(&[partner("p", "Иначе"), partner("new", "Новый")], &put()).await.unwrap();
    tx.publish(&[place("a").named("Иначе"), place("b")], &put()).await.unwrap();
    tx.archive(&[id("a")], &put()).await.unwrap();
    drop(tx);
    assert_eq!(ground.publish(&[place("c")]).await.0, Seq(2), "the number was not used up");
    assert_eq!(stored(&ground.store, "a").await, (place("a"), State::Published, 1));
    assert!(ground.store.lookup_location(&id("b")).await.unwrap().is_none());
    assert_eq!(ground.feed_table().await, [(1, "a".to_owned()), (2, "c".to_owned())]);
    assert_eq!(ground.number("SELECT COUNT(*) FROM partners").await, 1);
    assert_eq!(ground.number("SELECT COUNT(*) FROM location_history WHERE location_id = 'a'").await, 1);
    ground.stop().await;
}

async fn every_field_comes_back_as_it_went_in(ground: Ground) {
    let odd = [
        place("всё").with_everything(),
        place("nothing"),
        place("Ё-🅰".replace('🅰', "Я").as_str()).named("'; DROP TABLE locations; --"),
        place("wide").named("𝄞 👨‍👩‍👧‍👦 \u{202e}abc \u{feff}\r\n\t\"«»\\"),
        place("edge").at(-180.0, -90.0).in_zone(chrono_tz::Pacific::Chatham).being(Category::KidsShop),
        place("fine").at(41.964_212_345_678_91, 45.034_398_765_432_1),
        place("dated").giving(Benefit { from: Some(day("0001-01-01")), to: Some(day("9999-12-31")), ..benefit("…") }),
        place("values")
            .giving(Benefit { value: Some(0.1 + 0.2), ..benefit("") })
            .giving(Benefit { value: Some(1e21), ..benefit("много") }),
        place("empty").change(|l| l.address = Some(String::new())),
    ];
    ground.publish(&odd).await;
    for want in &odd {
        assert_eq!(&stored(&ground.store, want.id.as_str()).await.0, want);
    }
    // The same by the two ways in which the map is read.
    let by_feed = feed(&ground.store, Seq(0)).await.unwrap();
    let mut read: Vec<Location> = Vec::new();
    for change in by_feed.changes {
        match change {
            Change::Put(p) => read.push(p.location),
            Change::Remove(id) => panic!("{id} is on the map"),
        }
    }
    let mut streamed = Vec::new();
    ground.store.each_published(|p| streamed.push(p.unwrap().location)).await.unwrap();
    for mut list in [read, streamed] {
        list.sort_by(|a, b| a.id.cmp(&b.id));
        let mut want = odd.to_vec();
        want.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(list, want);
    }
    assert_eq!(ground.publish(&odd).await.1, vec![Outcome::Unchanged; odd.len()]);
    ground.stop().await;
}

async fn equal_places_have_equal_hashes_and_every_field_counts(ground: Ground) {
    let base = place("a").with_everything();
    let hash = |l: &Location| LocationRow::of(l).content_hash();
    assert_eq!(hash(&base), hash(&base.clone()));
    let edits: [fn(&mut Location); 14] = [
        |l| l.name.push('!'),
        |l| l.partner_id = PartnerId::new("other").unwrap(),
        |l| l.category = Category::Museum,
        |l| l.categories_more.reverse(),
        |l| l.position = ryadom::geometry::LonLat::new(41.964_200_000_1, 45.0344).unwrap(),
        |l| l.address = None,
        |l| l.address_note = None,
        |l| l.fias_id = None,
        |l| l.time_zone = chrono_tz::Asia::Omsk,
        |l| l.hours = None,
        |l| l.phone.as_mut().unwrap().ext = None,
        |l| l.site = None,
        |l| l.benefits.reverse(),
        |l| l.last_confirmed = None,
    ];
    ground.publish(std::slice::from_ref(&base)).await;
    let mut seen = BTreeSet::from([hash(&base)]);
    let mut version = 1;
    for (n, edit) in edits.into_iter().enumerate() {
        let edited = base.clone().change(edit);
        assert!(seen.insert(hash(&edited)), "edit {n} leaves the hash as it was");
        for written in [edited, base.clone()] {
            assert_eq!(ground.publish(std::slice::from_ref(&written)).await.1, [Outcome::Changed], "edit {n}");
            version += 1;
            assert_eq!(stored(&ground.store, "a").await, (written, State::Published, version), "edit {n}");
        }
    }
    ground.stop().await;
}

/// Ids that order differently by letter and by byte: both engines must agree with the service.
async fn places_that_sweep_each_other_are_found_by_id(ground: Ground) {
    let ids = ["b", "B", "a", "Ж", "ё", "е", "я", "-", "_", "10", "9", "a/b", "a.b", "ﬀ"];
    let places: Vec<Location> = ids.iter().map(|i| place(i)).collect();
    ground.publish(&places).await;
    let mut want: Vec<String> = ids.iter().map(|&i| i.to_owned()).collect();
    want.sort();
    let mut by_id = Vec::new();
    ground
        .store
        .each_with_partner(|pair| {
            by_id.push(pair.unwrap().0.id.to_string());
            std::ops::ControlFlow::Continue(())
        })
        .await
        .unwrap();
    assert_eq!(by_id, want, "by bytes, as the service compares them");
    assert_eq!(names(&feed(&ground.store, Seq(0)).await.unwrap()).len(), ids.len());
    assert_eq!(ground.archive(&["ё", "B"]).await.1, 2);
    assert_eq!(stored(&ground.store, "b").await.1, State::Published, "ids tell case apart");
    ground.stop().await;
}

/// What one writer was told.
struct Told {
    seq: Seq,
    published: Vec<(String, String)>,
    archived: Vec<String>,
    archived_count: usize,
}

async fn many_writers_and_a_reader_agree(ground: Ground) {
    const WRITERS: u64 = 10;
    const WRITES: u64 = 8;
    let ids: Vec<String> = (0..16).map(|n| format!("n{n:02}")).collect();
    let every: Vec<Location> = ids.iter().map(|i| place(i)).collect();
    ground.publish(&every).await;
    let second = ground.another_store().await;
    let done = Arc::new(AtomicBool::new(false));

    // A reader from the beginning, as the pump of a replica.
    let reader = {
        let (store, done) = (second.clone(), Arc::clone(&done));
        tokio::spawn(async move {
            let mut pages: Vec<(Seq, Seq, Vec<String>)> = Vec::new();
            let mut after = Seq(0);
            loop {
                let last_look = done.load(Ordering::SeqCst);
                while let Some(page) = feed(&store, after).await {
                    assert!(page.to_seq > after, "{} after {after}", page.to_seq);
                    let read = names(&page).into_iter().map(|(name, _)| name).collect();
                    pages.push((after, page.to_seq, read));
                    after = page.to_seq;
                }
                if last_look {
                    return pages;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    };

    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let store = if writer % 2 == 0 { ground.store.clone() } else { second.clone() };
        let ids = ids.clone();
        writers.push(tokio::spawn(async move {
            let mut told = Vec::new();
            for write in 0..WRITES {
                // A small generator: each writer goes its own way, the same in every run.
                let mut dice = writer * 1_000 + write * 7 + 1;
                let mut roll = |sides: u64| {
                    dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (dice >> 33) % sides
                };
                let mut chosen: BTreeSet<usize> = BTreeSet::new();
                for _ in 0..=roll(5) {
                    chosen.insert(roll(ids.len() as u64) as usize);
                }
                // In no order: the store has to bring its own.
                let mut chosen: Vec<&String> = chosen.into_iter().map(|n| &ids[n]).collect();
                chosen.reverse();
                let mut tx = store.begin().await.expect("a write");
                let mut report = Told { seq: Seq(0), published: Vec::new(), archived: Vec::new(), archived_count: 0 };
                if roll(4) == 0 {
                    let gone: Vec<LocationId> = chosen.iter().map(|i| id(i)).collect();
                    report.archived_count = tx.archive(&gone, &put()).await.expect("archived");
                    report.archived = gone.iter().map(ToString::to_string).collect();
                } else {
                    let text = format!("{writer}/{write}");
                    let places: Vec<Location> = chosen.iter().map(|i| place(i).named(&text)).collect();
                    let outcomes = tx.publish(&places, &put()).await.expect("published");
                    assert!(outcomes.iter().all(|o| *o == Outcome::Changed));
                    report.published = places.iter().map(|l| (l.id.to_string(), text.clone())).collect();
                }
                tokio::time::sleep(Duration::from_micros(roll(4_000))).await;
                report.seq = tx.commit().await.expect("committed");
                told.push(report);
            }
            told
        }));
    }
    let mut told = Vec::new();
    for writer in writers {
        let limit = Duration::from_mins(1);
        told.extend(tokio::time::timeout(limit, writer).await.expect("no deadlock").expect("no failure"));
    }
    done.store(true, Ordering::SeqCst);
    let pages = reader.await.expect("the reader");

    let head = ground.store.head().await.unwrap();
    let table = ground.feed_table().await;
    let numbers: BTreeSet<i64> = table.iter().map(|(seq, _)| *seq).collect();
    assert!(numbers.iter().copied().eq(1..=head.0), "a number is missing: {numbers:?}, head {head}");
    let rows_of =
        |seq: Seq| -> Vec<&str> { table.iter().filter(|(s, _)| *s == seq.0).map(|(_, id)| id.as_str()).collect() };

    // Every acknowledged write stands under its own number, with exactly its places.
    told.sort_by_key(|t| t.seq);
    let mut last: BTreeMap<&str, Option<&str>> = ids.iter().map(|i| (i.as_str(), None)).collect();
    let mut seqs = BTreeSet::new();
    for t in &told {
        if t.published.is_empty() && t.archived_count == 0 {
            // All were off the map already: no write, no number.
            continue;
        }
        assert!(seqs.insert(t.seq), "{} was given twice", t.seq);
        let rows = rows_of(t.seq);
        if t.published.is_empty() {
            assert_eq!(rows.len(), t.archived_count, "the rows of {}", t.seq);
            for gone in rows {
                assert!(t.archived.iter().any(|a| a == gone), "{gone} stands under {}", t.seq);
                last.insert(gone, None);
            }
            continue;
        }
        let mut want: Vec<&str> = t.published.iter().map(|(id, _)| id.as_str()).collect();
        want.sort_unstable();
        assert_eq!(rows, want, "the rows of {}", t.seq);
        for (id, text) in &t.published {
            last.insert(id, Some(text));
        }
    }
    // The store holds the last word of each.
    for (of, word) in last {
        let (location, state, version) = stored(&ground.store, of).await;
        match word {
            Some(word) => assert_eq!((location.name.as_str(), state), (word, State::Published), "{of}"),
            None => assert!(state == State::Archived || version == 1, "{of} is {state:?}"),
        }
        let history = ground.store.history_of(&id(of)).await.unwrap();
        assert!(history.iter().map(|h| h.version).rev().eq(1..=version), "{of}: {history:?}");
    }

    // The reader went forward without a gap and read what the table holds, once.
    let mut after = Seq(0);
    for (from, to, read) in &pages {
        assert_eq!(*from, after);
        let want: Vec<&str> =
            table.iter().filter(|(s, _)| *s > from.0 && *s <= to.0).map(|(_, id)| id.as_str()).collect();
        assert_eq!(read, &want, "between {from} and {to}");
        after = *to;
    }
    assert_eq!(after, head);
    second.close().await;
    ground.stop().await;
}

async fn publishing_and_archiving_the_same_places_do_not_block_each_other(ground: Ground) {
    // Written last to first, so that the order on disk is not the order of ids.
    let ids: Vec<String> = (0..300).map(|n| format!("n{n:03}")).collect();
    for part in ids.chunks(30).rev() {
        let places: Vec<Location> = part.iter().rev().map(|i| place(i)).collect();
        ground.publish(&places).await;
    }
    let all: Vec<LocationId> = ids.iter().map(|i| id(i)).collect();
    let second = ground.another_store().await;
    for round in 0..12 {
        let places: Vec<Location> = ids.iter().map(|i| place(i).named(&format!("круг {round}"))).collect();
        let publishing = publish(&ground.store, &places);
        let archiving = async {
            let mut tx = second.begin().await.expect("a write");
            tx.archive(&all, &put()).await.expect("archived");
            tx.commit().await.expect("committed")
        };
        tokio::join!(publishing, archiving);
    }
    second.close().await;
    ground.stop().await;
}

async fn a_batch_of_two_thousand_is_one_write(ground: Ground) {
    let places: Vec<Location> = (0..2_003).map(|n| place(&format!("n{n:04}")).with_everything()).collect();
    let (seq, outcomes) = ground.publish(&places).await;
    assert_eq!((seq, outcomes.len()), (Seq(1), 2_003));
    assert!(outcomes.iter().all(|o| *o == Outcome::Created));
    assert_eq!(feed(&ground.store, Seq(0)).await.unwrap().changes.len(), 2_003);
    let told = ground.store.compare(&places).await.unwrap();
    assert!(told.len() == 2_003 && told.iter().all(|o| *o == Outcome::Unchanged));
    let ids: Vec<LocationId> = places.iter().map(|l| l.id.clone()).collect();
    let mut tx = ground.store.begin().await.unwrap();
    assert_eq!(tx.archive(&ids, &put()).await.unwrap(), 2_003);
    tx.commit().await.unwrap();
    ground.stop().await;
}

async fn a_row_that_is_no_location_is_told_apart_from_a_failure(ground: Ground) {
    ground.publish(&[place("a"), place("b"), place("sound")]).await;
    ground.sql("UPDATE locations SET category = 'космодром' WHERE id = 'a'").await;
    // Sound JSON on both engines, but no list.
    ground.sql("UPDATE locations SET benefits = '{\"x\": 1}' WHERE id = 'b'").await;
    for damaged in ["a", "b"] {
        let found = ground.store.lookup_location(&id(damaged)).await.expect("the store itself is well");
        found.expect("it is known").expect_err("it is no location");
    }
    let (mut sound, mut bad) = (0, 0);
    ground
        .store
        .each_with_partner(|pair| {
            if pair.is_ok() {
                sound += 1;
            } else {
                bad += 1;
            }
            std::ops::ControlFlow::Continue(())
        })
        .await
        .unwrap();
    assert_eq!((sound, bad), (1, 2));
    ground.stop().await;
}

/// Somebody else's process holds the file: a writer waits its turn and no reader waits at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_of_sqlite_does_not_wait_for_a_writer() {
    let ground = Ground::sqlite().await;
    ground.publish(&[place("a")]).await;
    let second = ground.another_store().await;
    let mut writing = ground.store.begin().await.unwrap();
    writing.publish(&[place("b")], &put_at(noon())).await.unwrap();
    // Inside the other's transaction: reads see the last committed state at once.
    let read = tokio::time::timeout(Duration::from_secs(5), second.head()).await.expect("no wait").unwrap();
    assert_eq!(read, Seq(1));
    let waiting = tokio::spawn({
        let second = second.clone();
        async move { publish(&second, &[place("c")]).await.0 }
    });
    eventually("the other writer stands at the door", async || !waiting.is_finished()).await;
    assert_eq!(writing.commit().await.unwrap(), Seq(2));
    assert_eq!(waiting.await.unwrap(), Seq(3));
    second.close().await;
    ground.stop().await;
}
