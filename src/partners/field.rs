//! What the columns and keys of a file mean.

use crate::domain::fold::fold;
use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident [$first:literal $(, $heading:literal)*];)*) => {
        /// What a column means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Field {
            $($(#[$doc])* $name,)*
        }

        impl Field {
            /// The heading we write ourselves.
            pub fn heading(self) -> &'static str {
                match self { $(Self::$name => $first,)* }
            }
        }

        /// Headings, folded, and what they mean.
        static BY_HEADING: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
            let mut map = HashMap::new();
            $(for heading in [$first $(, $heading)*] {
                map.insert(fold(heading), Field::$name);
            })*
            map
        });
    };
}

fields! {
    /// The place's id.
    Id ["id", "external_id", "код", "код места", "внешний код", "идентификатор", "ид", "ref"];
    /// The name over the door.
    Name ["name", "title", "наименование", "название", "имя", "name:ru", "наименование объекта", "название объекта"];
    /// The category.
    Category ["category", "категория", "тип", "вид", "вид деятельности", "рубрика"];
    /// Other categories.
    CategoriesMore ["categories_more", "другие категории", "дополнительные категории"];
    /// `amenity=…` and its kin; the key counts.
    OsmKind ["amenity", "shop", "tourism", "leisure", "healthcare", "craft", "office"];
    /// Degrees east.
    Lon ["lon", "longitude", "lng", "long", "x", "долгота", "geo_lon"];
    /// Degrees north.
    Lat ["lat", "latitude", "y", "широта", "geo_lat"];
    /// Both in one cell, latitude first, as maps show them here.
    Coordinates ["coordinates", "координаты", "широта, долгота", "lat, lon", "гео", "точка"];
    /// One line.
    Address ["address", "адрес", "addr:full", "полный адрес", "местонахождение"];
    /// Part of an address.
    City ["addr:city", "addr:town", "addr:village", "город", "населенный пункт"];
    /// Part of an address where there is no street.
    Locality ["addr:place", "addr:suburb"];
    /// Part of an address.
    Street ["addr:street", "улица"];
    /// Part of an address.
    House ["addr:housenumber", "дом", "номер дома"];
    /// How to find the door.
    AddressNote ["address_note", "как найти", "примечание к адресу", "как пройти", "ориентир"];
    /// The object of the address register.
    FiasId ["fias_id", "фиас", "код фиас", "гар"];
    /// IANA name.
    TimeZone ["time_zone", "timezone", "часовой пояс"];
    /// Opening hours.
    Hours ["opening_hours", "hours", "режим", "режим работы", "часы", "часы работы", "время работы", "график", "график работы", "working_hours"];
    /// One of seven columns.
    Mon ["mon", "пн", "понедельник"];
    /// One of seven columns.
    Tue ["tue", "вт", "вторник"];
    /// One of seven columns.
    Wed ["wed", "ср", "среда"];
    /// One of seven columns.
    Thu ["thu", "чт", "четверг"];
    /// One of seven columns.
    Fri ["fri", "пт", "пятница"];
    /// One of seven columns.
    Sat ["sat", "сб", "суббота"];
    /// One of seven columns.
    Sun ["sun", "вс", "воскресенье"];
    /// Days that differ.
    SpecialHours ["special_hours", "особые дни", "праздничные дни"];
    /// Telephone.
    Phone ["phone", "contact:phone", "телефон", "телефоны", "контактный телефон", "тел"];
    /// Its extension.
    PhoneExt ["phone_ext", "добавочный", "доб"];
    /// Web address.
    Site ["website", "site", "url", "contact:website", "сайт", "веб-сайт", "адрес сайта", "ссылка"];
    /// Wheelchair access.
    Wheelchair ["wheelchair", "доступность", "доступность на коляске", "доступно для колясок"];
    /// What a family gets, in words.
    Benefit ["benefit", "offer", "льгота", "льготы", "скидка", "скидки", "мера поддержки", "предложение", "размер скидки"];
    /// Its kind.
    BenefitKind ["benefit_kind", "offer_kind", "вид льготы", "вид скидки"];
    /// Its value.
    BenefitValue ["benefit_value", "offer_value", "размер льготы", "размер"];
    /// Its conditions.
    BenefitTerms ["benefit_terms", "offer_terms", "условия", "условия предоставления"];
    /// Its first day.
    BenefitFrom ["benefit_from", "offer_from", "действует с", "начало действия"];
    /// Its last day.
    BenefitTo ["benefit_to", "offer_to", "действует до", "действует по", "окончание действия"];
    /// The hours at which it applies.
    BenefitHours ["benefit_hours", "offer_hours", "часы льготы", "время льготы", "часы действия льготы"];
    /// Several of them, as JSON.
    Benefits ["benefits", "offers"];
    /// The id of a picture of ours.
    Photo ["photo"];
    /// The day somebody last made sure.
    LastConfirmed ["last_confirmed", "check_date", "проверено", "дата проверки", "подтверждено"];
    /// The partner's id.
    PartnerId ["partner_id", "код партнера", "код организации"];
    /// The partner's name.
    Partner ["partner", "партнер", "организация", "operator", "наименование организации", "название организации"];
    /// The partner's name in the register.
    LegalName ["legal_name", "юридическое лицо", "юрлицо", "юридическое наименование", "полное наименование"];
    /// The partner's tax number.
    Inn ["inn", "инн"];
    /// The partner's registration number.
    Ogrn ["ogrn", "огрн", "огрнип"];
    /// The partner's reason code.
    Kpp ["kpp", "кпп"];
}

/// The columns of the week, Monday first.
pub const WEEK: [Field; 7] = [Field::Mon, Field::Tue, Field::Wed, Field::Thu, Field::Fri, Field::Sat, Field::Sun];

impl Field {
    /// What a heading means; `None` when we do not read it. `Широта (WGS 84)` is read as `Широта`.
    pub fn of_heading(heading: &str) -> Option<Self> {
        BY_HEADING
            .get(&fold(heading))
            .or_else(|| heading.split_once('(').and_then(|(before, _)| BY_HEADING.get(&fold(before))))
            .copied()
    }
}
