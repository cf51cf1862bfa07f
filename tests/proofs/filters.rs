//! Under every filter, and pairs and triples of them, nearest, count and viewport hold exactly what matches.
//!
//! What matches is judged here from the locations themselves: the domain's `Hours` for `open_at`, words split anew.

use crate::brute::{Scan, awkward, awkward_query, index, now, rng};
use crate::within::pages;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rand::RngExt;
use rand::rngs::StdRng;
use ryadom::domain::change::{Change, ChangeBatch};
use ryadom::domain::location::Published;
use ryadom::domain::{Benefit, BenefitKind, Category, Hours, Seq, Wheelchair};
use ryadom::geometry::Bbox;
use ryadom::index::{Filter, Options, Snapshot, SpatialIndex};

/// A question in plain words.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Any of these, or no condition.
    pub categories: Vec<Category>,
    /// Any of these kinds in force, or no condition.
    pub benefits: Vec<BenefitKind>,
    /// Any of these, or no condition.
    pub wheelchair: Vec<Wheelchair>,
    /// Open at this moment, to the minute.
    pub open_at: Option<DateTime<Utc>>,
    /// Every word begins a word.
    pub q: Option<&'static str>,
}

impl Asked {
    /// As the index takes it.
    pub fn filter(&self) -> Filter {
        let mut filter = Filter::default()
            .categories(self.categories.iter().copied())
            .benefits(self.benefits.iter().copied())
            .wheelchair(self.wheelchair.iter().copied());
        if let Some(at) = self.open_at {
            filter = filter.open_at(at);
        }
        if let Some(q) = self.q {
            filter = filter.text(q);
        }
        filter
    }

    /// As anyone would judge it.
    pub fn matches(&self, p: &Published) -> bool {
        let l = &p.location;
        let mut categories = l.categories_more.clone();
        categories.push(l.category);
        let today = now().with_timezone(&l.time_zone).date_naive();
        let in_force = |b: &&Benefit| b.from.is_none_or(|f| f <= today) && b.to.is_none_or(|t| t >= today);
        let any = |asked: bool, holds: bool| !asked || holds;
        any(!self.categories.is_empty(), self.categories.iter().any(|c| categories.contains(c)))
            && any(
                !self.benefits.is_empty(),
                l.benefits.iter().filter(in_force).any(|b| b.kind.is_some_and(|k| self.benefits.contains(&k))),
            )
            && any(!self.wheelchair.is_empty(), l.wheelchair.is_some_and(|w| self.wheelchair.contains(&w)))
            && self.open_at.is_none_or(|at| {
                let minute = DateTime::from_timestamp(at.timestamp().div_euclid(60) * 60, 0).expect("a moment");
                l.hours.as_ref().is_some_and(|h| h.state(minute, l.time_zone).open == Some(true))
            })
            && self.q.is_none_or(|q| {
                let mut words = words(&l.name);
                words.extend(l.benefits.iter().flat_map(|b| self::words(&b.title)));
                words.extend(l.address.iter().flat_map(|a| self::words(a)));
                self::words(q).iter().all(|asked| words.iter().any(|word| word.starts_with(asked.as_str())))
            })
    }

    /// Both questions at once; of one kind of condition the other's is taken where there is one.
    fn and(&self, other: &Self) -> Self {
        let either = |a: bool| if a { other } else { self };
        Self {
            categories: either(!other.categories.is_empty()).categories.clone(),
            benefits: either(!other.benefits.is_empty()).benefits.clone(),
            wheelchair: either(!other.wheelchair.is_empty()).wheelchair.clone(),
            open_at: other.open_at.or(self.open_at),
            q: other.q.or(self.q),
        }
    }
}

fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('ё', "е");
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Makes an invented place differ in everything a filter may ask.
pub fn vary(p: &mut Published, rng: &mut StdRng) {
    const HOURS: [&str; 8] = [
        "24/7",
        "Mo-Fr 09:00-18:00",
        "Mo-Su 20:00-04:00",
        "Sa,Su 10:30-11:07",
        "Su 12:00-15:00",
        "\"по записи\"",
        "Mo-Su 10:00-13:00,14:00+",
        "Nov 22 12:00-12:01",
    ];
    const NAMES: [&str; 5] =
        ["Ёлка и ёж", "СТАДИОН «Динамо»", "Каф-э «У дома»", "Cafe 24", "ООО Ромашка; детская одежда"];
    const ZONES: [chrono_tz::Tz; 5] = [
        chrono_tz::Europe::Moscow,
        chrono_tz::Asia::Kamchatka,
        chrono_tz::America::St_Johns,
        chrono_tz::Europe::Kaliningrad,
        chrono_tz::Pacific::Kiritimati,
    ];
    let day = |d| NaiveDate::from_ymd_opt(2026, 11, d);
    let l = &mut p.location;
    if rng.random_bool(0.3) {
        l.hours = Some(Hours::parse(HOURS[rng.random_range(0..HOURS.len())]).expect("hours"));
    }
    if rng.random_bool(0.4) {
        l.time_zone = ZONES[rng.random_range(0..ZONES.len())];
    }
    if rng.random_bool(0.3) {
        l.name = format!("{} {}", NAMES[rng.random_range(0..NAMES.len())], rng.random_range(0..50));
    }
    if rng.random_bool(0.2) {
        l.address = None;
    }
    for _ in 0..rng.random_range(0..3) {
        let more = Category::ALL[rng.random_range(0..Category::ALL.len() - 1)];
        if rng.random_bool(0.3) {
            l.categories_more.push(more);
        }
    }
    if rng.random_bool(0.2) {
        l.benefits.clear();
    }
    for _ in 0..rng.random_range(0..3) {
        // Of `gift` at most one in a few, of `price` none that is in force: both ends of selectivity.
        let kind =
            [None, Some(BenefitKind::Fixed), Some(BenefitKind::Gift), Some(BenefitKind::Price)][rng.random_range(0..4)];
        let (from, to) = match (kind, rng.random_range(0..4)) {
            (Some(BenefitKind::Price), n) if n < 2 => (day(25), None),
            (Some(BenefitKind::Price), _) => (None, day(20)),
            (_, 0) => (day(22), day(22)),
            (_, 1) => (day(23), None),
            (_, 2) => (None, day(21)),
            _ => (None, None),
        };
        let title = format!("Подарок-{} за покупку", rng.random_range(0..9));
        l.benefits.push(Benefit { kind, value: None, title, terms: None, from, to, hours: None });
    }
}

/// Every single question.
pub fn single() -> Vec<Asked> {
    let mut all = vec![Asked::default()];
    for &c in Category::ALL {
        all.push(Asked { categories: vec![c], ..Asked::default() });
    }
    all.push(Asked { categories: vec![Category::Museum, Category::Cafe], ..Asked::default() });
    all.push(Asked { categories: vec![Category::Transport, Category::Other], ..Asked::default() });
    all.push(Asked { categories: Category::ALL.to_vec(), ..Asked::default() });
    for k in BenefitKind::ALL {
        all.push(Asked { benefits: vec![k], ..Asked::default() });
    }
    all.push(Asked { benefits: vec![BenefitKind::Free, BenefitKind::Gift], ..Asked::default() });
    all.push(Asked { benefits: BenefitKind::ALL.to_vec(), ..Asked::default() });
    for w in [Wheelchair::Yes, Wheelchair::Limited, Wheelchair::No] {
        all.push(Asked { wheelchair: vec![w], ..Asked::default() });
    }
    all.push(Asked { wheelchair: vec![Wheelchair::Yes, Wheelchair::Limited], ..Asked::default() });
    // To and fro in time, the same minute by several seconds, both sides of opening and closing, a holiday, far off.
    for minutes in [0, 1, -1, 0, 600, 599, -3, -2, 240, 239, 241, -1_440, 2_880, 60 * 24 * 40, 525_600, -60 * 24 * 300]
    {
        for seconds in [0, 59] {
            let at = now() + TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds);
            all.push(Asked { open_at: Some(at), ..Asked::default() });
        }
    }
    for q in [
        "музей",
        "муз",
        "МУЗЕЙ",
        "ёлка",
        "елка еж",
        "еж",
        "динамо",
        "намо",
        "кафе",
        "каф э",
        "24",
        "2",
        "мира ставро",
        "подарок 3",
        "скидка 5",
        "оптика мира 7",
        "ничего",
        "одежда ромашка",
        "a",
        "с",
        "«Берёзка», магазин!",
    ] {
        all.push(Asked { q: Some(q), ..Asked::default() });
    }
    // Nothing that is a word is no condition.
    all.push(Asked { q: Some(" -- «» "), ..Asked::default() });
    all
}

/// Compares every answer with a scan; answers how many match.
pub fn check(snapshot: &Snapshot, places: &[Published], asked: &Asked, rng: &mut StdRng) -> usize {
    let filter = asked.filter();
    let matching: Vec<&Published> = places.iter().filter(|p| asked.matches(p)).collect();
    assert_eq!(snapshot.count(&filter), matching.len(), "{asked:?}");
    for limit in [1, 10] {
        let from = awkward_query(rng, places);
        let scan = Scan::new(matching.iter().copied(), from, limit);
        for max_distance_m in [f64::INFINITY, scan.nth_m(limit / 2).unwrap_or(1e6), 100_000.0] {
            let found = snapshot.nearest(from, limit, max_distance_m, &filter);
            if let Err(wrong) = scan.check(&found, limit, max_distance_m) {
                panic!("{asked:?}: {wrong}");
            }
        }
    }
    let world = Bbox::new(-180.0, -90.0, 180.0, 90.0).expect("a box");
    let mut listed = pages(snapshot, &world, 700, &filter);
    listed.sort_unstable();
    let mut wanted: Vec<&str> = matching.iter().map(|p| p.location.id.as_str()).collect();
    wanted.sort_unstable();
    assert_eq!(listed, wanted, "{asked:?}");
    matching.len()
}

fn varied(seed: u64, n: usize) -> Vec<Published> {
    let mut rng = rng(seed);
    let mut places = awkward(seed, n);
    for p in &mut places {
        vary(p, &mut rng);
    }
    places
}

/// An index whose places stand half in the base and half in the delta, with graves in the base.
fn half_in_the_delta(places: &[Published]) -> SpatialIndex {
    let mut rng = rng(99);
    let (half, rest) = places.split_at(places.len() / 2);
    // In the base some stand elsewhere, as something else, and some stand that will be gone.
    let mut base: Vec<Published> = half.to_vec();
    for p in rest.iter().step_by(2) {
        let mut other = p.clone();
        other.location.position = crate::brute::anywhere(&mut rng);
        vary(&mut other, &mut rng);
        base.push(other);
    }
    let mut changes: Vec<Change> = rest.iter().map(|p| Change::Put(Box::new(p.clone()))).collect();
    for (i, p) in half.iter().enumerate().step_by(3) {
        let mut gone = p.clone();
        gone.location.id = ryadom::domain::LocationId::new(&format!("gone-{i}")).expect("an id");
        changes.push(Change::Remove(gone.location.id.clone()));
        base.push(gone);
    }
    let index = index(&base, Options { delta_min: 1, ..Options::default() });
    index.apply(&ChangeBatch { to_seq: Seq(2), changes });
    assert_eq!(index.current().len(), places.len());
    assert!(index.current().delta_len().0 > 0 && index.current().delta_len().1 > 0);
    index
}

fn proof(snapshot: &Snapshot, places: &[Published], seed: u64, combined: usize) {
    let mut rng = rng(seed);
    let singles = single();
    let mut counts: Vec<usize> = singles.iter().map(|asked| check(snapshot, places, asked, &mut rng)).collect();
    let one = |rng: &mut StdRng| &singles[rng.random_range(0..singles.len())];
    for i in 0..combined {
        let mut asked = one(&mut rng).and(one(&mut rng));
        if i % 2 == 0 {
            asked = asked.and(one(&mut rng));
        }
        counts.push(check(snapshot, places, &asked, &mut rng));
    }
    let n = places.len();
    let met = |from: usize, to: usize| counts.iter().filter(|&&c| from <= c && c <= to).count();
    assert!(met(0, 0) > 5, "filters that nothing matches");
    assert!(met(1, (n / 200).max(10)) > 5, "filters that a few match");
    assert!(met(n / 20, n - 1) > 20, "filters that many match");
    assert!(met(n, n) >= 3, "filters that everything matches");
}

#[test]
fn filters_pairs_and_triples_equal_a_scan() {
    let places = varied(31, 3_000);
    let index = index(&places, Options::default());
    proof(&index.current(), &places, 31, 250);
}

#[test]
fn filters_pairs_and_triples_equal_a_scan_during_deltas_and_after_a_merge() {
    let places = varied(32, 2_000);
    let index = half_in_the_delta(&places);
    proof(&index.current(), &places, 32, 120);
    let merge = index.begin_merge().expect("a merge is due");
    index.finish_merge(merge.run());
    assert_eq!(index.current().delta_len(), (0, 0));
    proof(&index.current(), &places, 33, 120);
}

#[test]
fn a_cache_too_small_for_any_view_changes_no_answer() {
    let places = varied(34, 500);
    let index = index(&places, Options { view_cache_bytes: 1, ..Options::default() });
    proof(&index.current(), &places, 34, 50);
}

#[test]
fn filters_that_mean_the_same_are_equal() {
    let f = Filter::default;
    assert_eq!(f().categories([Category::Cafe, Category::Museum]), f().categories([Category::Museum, Category::Cafe]));
    assert_eq!(f().text("Ёлка, кафе"), f().text("КАФЕ елка кафе"));
    assert_eq!(f().open_at(now()), f().open_at(now() + TimeDelta::seconds(59)));
    assert_ne!(f().open_at(now()), f().open_at(now() + TimeDelta::seconds(60)));
    assert!(f().text(" — ").is_all() && f().categories([]).is_all());
    assert_eq!(f().categories([Category::Cafe]).single_category(), Some(Category::Cafe));
    assert_eq!(f().categories([Category::Cafe]).text("a").single_category(), None);
    assert_eq!(f().categories([Category::Cafe, Category::Museum]).single_category(), None);
}
