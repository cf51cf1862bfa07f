//! The words and signs of a free text, before any grammar.
//!
//! What must stay true: places count the characters of the original text, so no step here changes their number
//! before the places are taken.

use super::super::error::HoursError;
use super::DAY_MIN;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Day(u8),
    Every,
    Workdays,
    /// «выходные»: Saturday and Sunday before times, "closed" after days.
    Weekend,
    Holidays,
    Off,
    AroundTheClock,
    Break,
    NoBreak,
    Except,
    From,
    To,
    By,
    /// «первая» 1 .. «последняя» -1.
    Nth(i8),
    CleaningDay,
    OfMonth,
    Filler,
    Comma,
    Semicolon,
    Colon,
    Dash,
    Time(u16),
    End,
    Unknown,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub word: Word,
    /// Place of the first character, from 1.
    pub at: usize,
    pub text: String,
}

/// Reads a text into words, ending with [`Word::End`]; `offset` characters stand before it.
pub(super) fn read_tokens(text: &str, offset: usize) -> Result<Vec<Token>, HoursError> {
    let chars: Vec<char> = text.chars().map(plain).collect();
    let mut tokens: Vec<Token> = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        let start = i;
        let sign = match c {
            ' ' | '.' => {
                i += 1;
                continue;
            }
            ',' | '/' | '+' | '&' if !(c == '/' && is_24_7(&chars, i)) => Some(Word::Comma),
            ';' => Some(Word::Semicolon),
            ':' => Some(Word::Colon),
            '-' => Some(Word::Dash),
            '(' | ')' => Some(Word::Comma),
            _ => None,
        };
        let word = if let Some(sign) = sign {
            i += 1;
            sign
        } else if c.is_ascii_digit() {
            let (word, end) = read_number(&chars, i, offset)?;
            i = end;
            word
        } else if c.is_alphabetic() {
            while i < chars.len() && chars[i].is_alphabetic() {
                i += 1;
            }
            word_of(&chars[start..i].iter().collect::<String>())
        } else {
            i += 1;
            Word::Unknown
        };
        tokens.push(Token { word, at: offset + start + 1, text: chars[start..i].iter().collect() });
    }
    tokens.push(Token { word: Word::End, at: offset + chars.len() + 1, text: String::new() });
    join_dashed_times(&mut tokens);
    join_phrases(&mut tokens);
    Ok(tokens)
}

/// Lower case, «е» for «ё», one sign for all dashes. One character stays one.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '~' => '-',
        'ё' | 'Ё' => 'е',
        '\n' | '|' => ';',
        c if c.is_whitespace() => ' ',
        c => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    }
}

fn is_24_7(chars: &[char], slash: usize) -> bool {
    slash >= 2 && chars[slash - 2..slash] == ['2', '4'] && chars.get(slash + 1) == Some(&'7')
}

/// Reads "9", "09:00", "9.00", "09:00:00" or "24/7" at `start`; returns what it is and where it ends.
fn read_number(chars: &[char], start: usize, offset: usize) -> Result<(Word, usize), HoursError> {
    let digits = |from: usize| chars[from.min(chars.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let value = |from: usize, len: usize| {
        chars[from..from + len]
            .iter()
            .filter_map(|&c| u8::try_from(c).ok())
            .fold(0, |sum: u16, c| sum * 10 + u16::from(c - b'0'))
    };
    let wrong =
        |end: usize| HoursError::Time { at: offset + start + 1, text: chars[start..end].iter().take(20).collect() };
    let len = digits(start);
    let mut end = start + len;
    if len > 2 {
        return Err(wrong(end));
    }
    let hour = value(start, len);
    if hour == 24 && chars.get(end) == Some(&'/') && chars.get(end + 1) == Some(&'7') && digits(end + 1) == 1 {
        return Ok((Word::AroundTheClock, end + 2));
    }
    let mut minute = 0;
    let separator = chars.get(end).copied();
    if matches!(separator, Some(':' | '.')) && digits(end + 1) > 0 {
        let long = digits(end + 1);
        let from = end + 1;
        end = from + long;
        if long != 2 {
            return Err(wrong(end));
        }
        minute = value(from, 2);
        // "01.05" is the first of May far more often than five past one.
        if separator == Some('.') && (minute % 5 != 0 || minute == 5) {
            return Err(wrong(end));
        }
        if chars.get(end) == Some(&separator.unwrap_or(':')) && digits(end + 1) > 0 {
            let seconds = end + 1;
            end = seconds + digits(seconds);
            if digits(seconds) != 2 || value(seconds, 2) != 0 || separator == Some('.') {
                return Err(wrong(end));
            }
        }
    }
    let after_dash = start > 0 && chars[start - 1] == '-';
    if after_dash && end == start + 2 && (25..60).contains(&hour) {
        return Ok((Word::Unknown, end)); // the minutes of «16-45», or an error later
    }
    if hour > 24 || minute > 59 || (hour == 24 && minute > 0) {
        return Err(wrong(end));
    }
    Ok((Word::Time(hour * 60 + minute), end))
}

/// «09-00 - 18-00», «с 9-00 до 18-00»: four numbers are two times, never two ranges.
fn join_dashed_times(tokens: &mut Vec<Token>) {
    let mut i = 0;
    while i + 6 < tokens.len() {
        let minutes = |at: usize| {
            let (hour, dash, minute) = (&tokens[at], &tokens[at + 1], &tokens[at + 2]);
            let touch = hour.at + hour.text.len() == dash.at && dash.at + 1 == minute.at;
            match (hour.word, dash.word, minute.text.parse::<u16>()) {
                (Word::Time(hour_min), Word::Dash, Ok(value))
                    if touch && minute.text.len() == 2 && hour.text.len() <= 2 && value < 60 && value % 5 == 0 =>
                {
                    Some(hour_min + value).filter(|&sum| sum <= DAY_MIN)
                }
                _ => None,
            }
        };
        let joined =
            matches!(tokens[i + 3].word, Word::Dash | Word::To | Word::By).then(|| (minutes(i), minutes(i + 4)));
        if let Some((Some(from), Some(to))) = joined {
            for (at, minute) in [(i + 4, to), (i, from)] {
                let text: String = tokens[at..at + 3].iter().map(|token| token.text.as_str()).collect();
                let token = Token { word: Word::Time(minute), at: tokens[at].at, text };
                tokens.splice(at..at + 3, [token]);
            }
        }
        i += 1;
    }
}

/// Words that mean something only together.
fn join_phrases(tokens: &mut Vec<Token>) {
    let mut i = 0;
    while i + 1 < tokens.len() {
        let joined = match (tokens[i].text.as_str(), tokens[i + 1].text.as_str()) {
            ("без", "выходных") | ("каждый", "день") | ("все", "дни") | ("всю", "неделю") => {
                Some(Word::Every)
            }
            ("без", "перерыва" | "перерывов" | "обеда") => Some(Word::NoBreak),
            ("не", "работает" | "работаем" | "работают") => Some(Word::Off),
            ("санитарный" | "сан", "день") => Some(Word::CleaningDay),
            ("24", "часа" | "ч") if !matches!(tokens.get(i.wrapping_sub(1)), Some(t) if matches!(t.word, Word::Dash | Word::To | Word::By)) => {
                Some(Word::AroundTheClock)
            }
            ("обеденный" | "технический", "перерыв") => Some(Word::Break),
            ("рабочие" | "будние", "дни") | ("рабочим" | "будним", "дням") => {
                Some(Word::Workdays)
            }
            _ => None,
        };
        if let Some(word) = joined {
            let text = format!("{} {}", tokens[i].text, tokens[i + 1].text);
            let token = Token { word, at: tokens[i].at, text };
            tokens.splice(i..=i + 1, [token]);
        }
        i += 1;
    }
}

fn word_of(word: &str) -> Word {
    match word {
        "пн"
        | "пон"
        | "понед"
        | "понедельник"
        | "понедельника"
        | "понедельнику"
        | "понедельникам"
        | "mo"
        | "mon"
        | "monday" => Word::Day(0),
        "вт" | "втор" | "вторник" | "вторника" | "вторнику" | "вторникам" | "tu" | "tue" | "tuesday" => {
            Word::Day(1)
        }
        "ср" | "сред" | "среда" | "среду" | "среды" | "среде" | "средам" | "we" | "wed" | "wednesday" => {
            Word::Day(2)
        }
        "чт" | "чтв" | "четв" | "четверг" | "четверга" | "четвергу" | "четвергам" | "th" | "thu" | "thursday" => {
            Word::Day(3)
        }
        "пт" | "пят" | "пятн" | "пятница" | "пятницу" | "пятницы" | "пятнице" | "пятницам" | "fr" | "fri"
        | "friday" => Word::Day(4),
        "сб" | "суб" | "субб" | "суббота" | "субботу" | "субботы" | "субботе" | "субботам" | "sa" | "sat"
        | "saturday" => Word::Day(5),
        "вс"
        | "вск"
        | "воскр"
        | "воскресенье"
        | "воскресенья"
        | "воскресенью"
        | "воскресеньям"
        | "воскресение"
        | "su"
        | "sun"
        | "sunday" => Word::Day(6),
        "ежедневно" | "ежедн" | "ежедневный" | "daily" => Word::Every,
        "будни" | "будням" | "будний" | "будние" | "буднии" | "рабочие" | "рабочим" => {
            Word::Workdays
        }
        "выходные" | "выходным" => Word::Weekend,
        "праздники" | "праздникам" | "праздничные" | "праздничным" | "праздник" | "ph" => {
            Word::Holidays
        }
        "выходной" | "вых" | "закрыто" | "закрыт" | "закрыта" | "нерабочий" | "off" | "closed" => {
            Word::Off
        }
        "круглосуточно" | "круглосуточный" | "круглосут" => Word::AroundTheClock,
        "перерыв" | "обед" => Word::Break,
        "кроме" => Word::Except,
        "с" | "со" | "от" | "from" => Word::From,
        "до" | "to" => Word::To,
        "по" => Word::By,
        "первый" | "первая" | "первую" | "первое" => Word::Nth(1),
        "второй" | "вторая" | "вторую" | "второе" => Word::Nth(2),
        "третий" | "третья" | "третью" | "третье" => Word::Nth(3),
        "четвертый" | "четвертая" | "четвертую" | "четвертое" => Word::Nth(4),
        "последний" | "последняя" | "последнюю" | "последнее" => Word::Nth(-1),
        "месяца" => Word::OfMonth,
        "и" | "а" | "в" | "во" | "часы" | "режим" | "график" | "время" | "работы" | "работаем" | "работает"
        | "работают" | "открыто" | "открыт" | "открыта" | "ч" | "час" | "часа" | "часов" | "дни" | "день" | "дням"
        | "дней" | "каждый" | "каждая" | "каждую" | "каждого" => Word::Filler,
        _ => Word::Unknown,
    }
}
