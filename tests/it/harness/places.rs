//! Words to describe places: `place("museum").at(41.97, 45.04).open("Mo-Su 10:00-18:00").giving(benefit("Free"))`.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use ryadom::domain::{
    Benefit, BenefitKind, Category, Hours, Location, LocationId, Partner, PartnerId, Phone, State, Wheelchair,
};
use ryadom::geometry::LonLat;
use ryadom::store::Put;

/// An instant.
pub fn utc(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("a time of a test").to_utc()
}

/// A date.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date of a test")
}

/// When the clock of a test stands unless it says otherwise: Monday, 12:00 in Moscow.
pub fn noon() -> DateTime<Utc> {
    utc("2026-11-23T12:00:00+03:00")
}

/// Who writes in a test.
pub fn put() -> Put {
    put_at(noon())
}

/// The same at another time.
pub fn put_at(at: DateTime<Utc>) -> Put {
    Put { actor: "operator:test".into(), at, origin: "import" }
}

/// A published partner.
pub fn partner(id: &str, name: &str) -> Partner {
    Partner {
        id: PartnerId::new(id).expect("an id of a test"),
        name: name.into(),
        legal_name: None,
        inn: None,
        ogrn: None,
        kpp: None,
        state: State::Published,
    }
}

/// The partner of a place, by a name made of its id.
pub fn owner_of(place: &Location) -> Partner {
    partner(place.partner_id.as_str(), &format!("Партнёр {}", place.partner_id))
}

/// A benefit without bounds in time.
pub fn benefit(title: &str) -> Benefit {
    Benefit { kind: None, value: None, title: title.into(), terms: None, from: None, to: None, hours: None }
}

/// A place with nothing but what every place has: a shop of partner `p` in Stavropol.
pub fn place(id: &str) -> Location {
    Location {
        id: LocationId::new(id).expect("an id of a test"),
        partner_id: PartnerId::new("p").expect("an id"),
        name: format!("Место {id}"),
        category: Category::Shop,
        categories_more: Vec::new(),
        position: LonLat::new(41.9642, 45.0344).expect("Stavropol"),
        address: None,
        address_note: None,
        fias_id: None,
        time_zone: chrono_tz::Europe::Moscow,
        hours: None,
        phone: None,
        site: None,
        wheelchair: None,
        benefits: Vec::new(),
        last_confirmed: None,
        photo: None,
    }
}

/// The sentence goes on.
pub trait Describe: Sized {
    fn change(self, edit: impl FnOnce(&mut Location)) -> Location;

    fn at(self, lon: f64, lat: f64) -> Location {
        self.change(|l| l.position = LonLat::new(lon, lat).expect("a position of a test"))
    }
    fn named(self, name: &str) -> Location {
        self.change(|l| l.name = name.into())
    }
    fn of(self, partner: &str) -> Location {
        self.change(|l| l.partner_id = PartnerId::new(partner).expect("an id of a test"))
    }
    fn being(self, category: Category) -> Location {
        self.change(|l| l.category = category)
    }
    fn open(self, hours: &str) -> Location {
        self.change(|l| l.hours = Some(Hours::parse(hours).expect("hours of a test")))
    }
    fn in_zone(self, zone: Tz) -> Location {
        self.change(|l| l.time_zone = zone)
    }
    fn giving(self, benefit: Benefit) -> Location {
        self.change(|l| l.benefits.push(benefit))
    }
    /// Every optional field has something in it.
    fn with_everything(self) -> Location {
        self.change(|l| {
            l.categories_more = vec![Category::Cafe, Category::Leisure];
            l.address = Some("Ставрополь, ул. Дзержинского, 1 \"А\"".into());
            l.address_note = Some("Вход со двора,\nзвонок «2»\t\\ 'красная' дверь 🚪𝄞".into());
            l.fias_id = Some("2a1c7bdb-05ea-492f-9e1c-b3999f79dcbc".into());
            l.hours =
                Some(Hours::parse("Mo-Fr 10:00-18:00; Sa 10:00-02:00 \"касса до 01:30\"; PH off").expect("hours"));
            l.phone = Phone::parse("8 (8652) 12-34-56 доб. 12");
            l.site = Some("https://пример.рф/путь?а=1&b=%20".into());
            l.wheelchair = Some(Wheelchair::Limited);
            l.last_confirmed = Some(day("2026-10-31"));
            l.photo = Some("AbCdEfGhIjKlMnOpQrSt".into());
            l.benefits = vec![
                Benefit {
                    kind: Some(BenefitKind::Percent),
                    value: Some(12.5),
                    terms: Some("Кроме \"акций\";\nпо карте".into()),
                    from: Some(day("2026-01-01")),
                    to: Some(day("2027-12-31")),
                    ..benefit("Скидка 12,5 % 👨‍👩‍👧‍👦")
                },
                Benefit { kind: Some(BenefitKind::Gift), ..benefit("Подарок") },
            ];
        })
    }
}

impl Describe for Location {
    fn change(mut self, edit: impl FnOnce(&mut Location)) -> Location {
        edit(&mut self);
        self
    }
}
