//! The category list and its stable codes.

use super::fold::fold;
use super::lang::Lang;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::LazyLock;

macro_rules! categories {
    ($($name:ident $code:literal $ru:literal $en:literal [$($alias:literal),*];)*) => {
        /// What a location is. The codes are stable: they stand in URLs, files and styles of others.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Category {
            $(#[doc = $en] $name,)*
        }

        impl Category {
            /// Every category, in the order in which people are shown them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What people call it.
            pub fn title(self, lang: Lang) -> &'static str {
                match self { $(Self::$name => lang.pick($ru, $en),)* }
            }

            /// Other codes that mean it, OSM's `key=value` among them.
            pub fn aliases(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($alias),*],)* }
            }
        }
    };
}

categories! {
    Museum "museum" "Музеи и выставки" "Museums" ["gallery", "exhibition", "tourism=museum"];
    Theatre "theatre" "Театры и концерты" "Theatre and music" ["concert_hall", "arts_centre", "circus", "philharmonic"];
    Cinema "cinema" "Кино" "Cinema" [];
    Library "library" "Библиотеки" "Libraries" [];
    Sport "sport" "Спорт и секции" "Sport" ["sports_school", "sports_centre", "swimming_pool", "fitness", "fitness_centre", "stadium"];
    Education "education" "Колледжи, кружки, курсы" "Education" ["college", "school", "university", "kindergarten", "music_school"];
    Leisure "leisure" "Парки и развлечения" "Leisure" ["park", "zoo", "attraction", "water_park", "playground", "theme_park"];
    KidsShop "kids_shop" "Детские товары" "Children's goods" ["baby_goods", "toys"];
    Grocery "grocery" "Продукты" "Groceries" ["supermarket", "convenience"];
    Shop "shop" "Другие магазины" "Shops" ["mall", "clothes", "books"];
    Pharmacy "pharmacy" "Аптеки" "Pharmacies" ["chemist"];
    Health "health" "Медицина" "Health" ["clinic", "dentist", "doctors", "optician", "hospital"];
    Cafe "cafe" "Кафе и еда" "Food" ["restaurant", "fast_food", "food", "canteen"];
    Hotel "hotel" "Отдых и гостиницы" "Stay" ["sanatorium", "hostel", "camp", "guest_house"];
    Transport "transport" "Транспорт" "Transport" ["bus_station", "railway_station"];
    Service "service" "Услуги" "Services" ["hairdresser", "bank", "repair", "photo"];
    Other "other" "Другое" "Other" [];
}

/// Words of Russian files that name a category; folded, singular and plural as they are met in spreadsheets.
const RUSSIAN_WORDS: &[(&str, Category)] = &[
    ("музей", Category::Museum),
    ("музеи", Category::Museum),
    ("выставка", Category::Museum),
    ("галерея", Category::Museum),
    ("театр", Category::Theatre),
    ("театры", Category::Theatre),
    ("концертный зал", Category::Theatre),
    ("филармония", Category::Theatre),
    ("цирк", Category::Theatre),
    ("дом культуры", Category::Theatre),
    ("кинотеатр", Category::Cinema),
    ("кинотеатры", Category::Cinema),
    ("библиотека", Category::Library),
    ("спорт", Category::Sport),
    ("спортшкола", Category::Sport),
    ("спортивная школа", Category::Sport),
    ("бассейн", Category::Sport),
    ("фитнес", Category::Sport),
    ("колледж", Category::Education),
    ("образование", Category::Education),
    ("школа", Category::Education),
    ("кружок", Category::Education),
    ("курсы", Category::Education),
    ("музыкальная школа", Category::Education),
    ("парк", Category::Leisure),
    ("зоопарк", Category::Leisure),
    ("аквапарк", Category::Leisure),
    ("развлечения", Category::Leisure),
    ("детский магазин", Category::KidsShop),
    ("игрушки", Category::KidsShop),
    ("супермаркет", Category::Grocery),
    ("магазин продуктов", Category::Grocery),
    ("магазин", Category::Shop),
    ("магазины", Category::Shop),
    ("аптека", Category::Pharmacy),
    ("поликлиника", Category::Health),
    ("клиника", Category::Health),
    ("стоматология", Category::Health),
    ("оптика", Category::Health),
    ("кафе", Category::Cafe),
    ("ресторан", Category::Cafe),
    ("столовая", Category::Cafe),
    ("пекарня", Category::Cafe),
    ("кофейня", Category::Cafe),
    ("гостиница", Category::Hotel),
    ("отель", Category::Hotel),
    ("санаторий", Category::Hotel),
    ("лагерь", Category::Hotel),
    ("автовокзал", Category::Transport),
    ("вокзал", Category::Transport),
    ("парикмахерская", Category::Service),
    ("банк", Category::Service),
    ("ремонт", Category::Service),
    ("фото", Category::Service),
];

static BY_WORD: LazyLock<HashMap<String, Category>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for &c in Category::ALL {
        words.insert(fold(c.code()), c);
        for alias in c.aliases() {
            words.insert(fold(alias), c);
        }
        words.insert(fold(c.title(Lang::Ru)), c);
        words.insert(fold(c.title(Lang::En)), c);
    }
    for &(word, c) in RUSSIAN_WORDS {
        words.insert(word.to_owned(), c);
    }
    words
});

impl Category {
    /// The category of a code, alias, title or usual Russian word; `shop=…` of OSM is a shop.
    pub fn lookup(text: &str) -> Option<Self> {
        let folded = fold(text);
        if let Some(&c) = BY_WORD.get(&folded) {
            return Some(c);
        }
        let (key, value) = text.split_once('=')?;
        match BY_WORD.get(&fold(value)) {
            Some(&c) => Some(c),
            None if key.trim() == "shop" => Some(Self::Shop),
            None => None,
        }
    }

    /// Every way to name it, folded: its code, titles, aliases and usual Russian words.
    pub fn names(self) -> Vec<String> {
        let own = [self.code(), self.title(Lang::Ru), self.title(Lang::En)];
        let words = RUSSIAN_WORDS.iter().filter(|(_, c)| *c == self).map(|&(word, _)| word);
        own.into_iter().chain(self.aliases().iter().copied()).chain(words).map(fold).collect()
    }

    /// The category of a stable code alone.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.code() == code)
    }

    /// One bit per category, for sets of categories.
    pub fn bit(self) -> u32 {
        1 << self as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_aliases_titles_and_russian_words_are_known() {
        for (text, want) in [
            ("museum", Category::Museum),
            ("tourism=museum", Category::Museum),
            ("Музеи и выставки", Category::Museum),
            ("АПТЕКА", Category::Pharmacy),
            ("sports_school", Category::Sport),
            ("shop=supermarket", Category::Grocery),
            ("shop=florist", Category::Shop),
            ("Children's goods", Category::KidsShop),
        ] {
            assert_eq!(Category::lookup(text), Some(want), "{text}");
        }
        assert_eq!(Category::lookup("космодром"), None);
    }

    #[test]
    fn codes_are_their_own_serde_names_and_fit_a_bit_set() {
        for &c in Category::ALL {
            assert_eq!(serde_json::to_value(c).unwrap(), c.code());
            assert_eq!(Category::of_code(c.code()), Some(c));
            assert!((c as u32) < 32);
        }
    }
}
