"""Made-up people's names and places, by country."""

import unicodedata
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Country:
    """Where some of the sample's people live.

    Attributes:
        code: ISO 3166-1 alpha-2.
        share: of all people, in percent.
        locale: language and country.
        zone: a time zone in which its people sleep at night.
        hours: that zone's distance from UTC in winter.
        cities: the larger ones first, with commas between them.
        women, men, family: names, with blanks between them; `|` splits a man's form of a name from a woman's, `=` gives
            a name's Latin letters.
    """

    code: str
    share: int
    locale: str
    zone: str
    hours: int
    cities: str
    women: str
    men: str
    family: str


COUNTRIES: Final = (
    Country(
        code="DE", share=22, locale="de_DE", zone="Europe/Berlin", hours=1,
        cities="Berlin, Hamburg, München, Köln, Leipzig, Bremen, Freiburg",
        women="Anna Lena Marie Sophie Hannah Greta Jana Katharina Nele Frieda Ulrike Käthe Mia Clara",
        men="Lukas Jonas Felix Paul Jürgen Matthias Björn Emil Anton Stefan Moritz Jörg Tim Oskar",
        family=(
            "Müller Schmidt Schneider Fischer Weber Becker Hoffmann Schäfer Koch Bauer Wolf Krüger Vogel Lorenz Groß "
            "Böhm"
        ),
    ),
    Country(
        code="GB", share=15, locale="en_GB", zone="Europe/London", hours=0,
        cities="London, Manchester, Bristol, Leeds, Edinburgh, Cardiff, York",
        women="Olivia Amelia Isla Grace Charlotte Freya Poppy Aisha Eleanor Zara Niamh Ruby",
        men="Oliver George Harry Noah Arthur Mohammed Alfie Callum Rhys Ewan Theo Jasper",
        family=(
            "Smith Jones Taylor Brown Davies Evans Patel Khan Walker Wright Hughes Campbell Begum O'Neill Murray "
            "Shaw"
        ),
    ),
    Country(
        code="RU", share=13, locale="ru_RU", zone="Europe/Moscow", hours=3,
        cities="Москва, Санкт-Петербург, Казань, Екатеринбург, Новосибирск, Пермь, Тула",
        women="Анна Мария Елена Ольга Наталья Екатерина Дарья Полина Ирина Юлия Алёна Ксения Вера",
        men="Александр Дмитрий Иван Сергей Андрей Михаил Никита Павел Артём Кирилл Егор Фёдор Юрий",
        family=(
            "Иванов|Иванова Смирнов|Смирнова Кузнецов|Кузнецова Попов|Попова Соколов|Соколова Лебедев|Лебедева "
            "Морозов|Морозова Волков|Волкова Зайцев|Зайцева Щербаков|Щербакова Соловьёв|Соловьёва Чернышов|Чернышова "
            "Бондаренко Юдин|Юдина Жуков|Жукова Тихомиров|Тихомирова"
        ),
    ),
    Country(
        code="US", share=12, locale="en_US", zone="America/New_York", hours=-5,
        cities="New York, Chicago, Boston, Seattle, Austin, Portland, Denver",
        women="Emma Ava Sophia Isabella Harper Maya Abigail Stella Hazel Naomi Riley Jasmine",
        men="Liam James Ethan Logan Elijah Mateo Henry Caleb Marcus Wyatt Tyler Isaiah",
        family=(
            "Johnson Williams Miller Davis Garcia Rodriguez Wilson Anderson Moore Lee Thompson Nguyen Carter Reed "
            "Brooks"
        ),
    ),
    Country(
        code="FR", share=10, locale="fr_FR", zone="Europe/Paris", hours=1,
        cities="Paris, Lyon, Marseille, Nantes, Lille, Rennes, Strasbourg",
        women="Camille Léa Chloé Manon Inès Élodie Juliette Anaïs Zoé Océane Margaux Hélène",
        men="Gabriel Louis Raphaël Hugo Théo Jérôme Étienne Mathis Clément François Loïc Noël",
        family=(
            "Martin Bernard Dubois Durand Leroy Moreau Lefèvre Girard Bonnet Chevalier Gauthier Perrin Renault "
            "Béranger"
        ),
    ),
    Country(
        code="ES", share=8, locale="es_ES", zone="Europe/Madrid", hours=1,
        cities="Madrid, Barcelona, Valencia, Sevilla, Bilbao, Málaga",
        women="Lucía Sofía Martina Paula Carmen Noelia Inés Begoña Irene Marta",
        men="Hugo Mateo Martín Álvaro Íñigo Javier Sergio Adrián Rubén Joaquín",
        family="García Fernández González Rodríguez López Martínez Sánchez Pérez Muñoz Ibáñez Núñez Ortiz Castro Vega",
    ),
    Country(
        code="PL", share=6, locale="pl_PL", zone="Europe/Warsaw", hours=1,
        cities="Warszawa, Kraków, Wrocław, Łódź, Gdańsk, Poznań",
        women="Zofia Julia Zuzanna Agnieszka Małgorzata Kasia Łucja Ewa Hanna Wanda",
        men="Jakub Antoni Szymon Paweł Łukasz Michał Tomasz Wojciech Kacper Jan",
        family=(
            "Nowak Wójcik Kowalczyk Kamiński|Kamińska Lewandowski|Lewandowska Zieliński|Zielińska Woźniak "
            "Dąbrowski|Dąbrowska Mazur Krawczyk Jabłoński|Jabłońska Pawlak"
        ),
    ),
    Country(
        code="TR", share=5, locale="tr_TR", zone="Europe/Istanbul", hours=3,
        cities="İstanbul, Ankara, İzmir, Bursa, Antalya",
        women="Zeynep Elif Ayşe Defne Çağla Gülşah Ebru İpek",
        men="Mehmet Mustafa Emre Ömer Çınar Kaan Uğur Şahin",
        family="Yılmaz Kaya Demir Şahin Çelik Yıldız Öztürk Aydın Arslan Doğan Koç Güneş",
    ),
    Country(
        code="SE", share=5, locale="sv_SE", zone="Europe/Stockholm", hours=1,
        cities="Stockholm, Göteborg, Malmö, Uppsala, Västerås",
        women="Alice Maja Ebba Saga Åsa Märta Linnéa Elsa",
        men="Erik Lars Axel Nils Åke Göran Oskar Sören",
        family="Andersson Johansson Karlsson Nilsson Lindström Björk Åberg Sjögren Öberg Lundqvist",
    ),
    Country(
        code="JP", share=4, locale="ja_JP", zone="Asia/Tokyo", hours=9,
        cities="Tokyo, Osaka, Kyoto, Sapporo, Fukuoka",
        women="Yui Aoi Misaki Hina Sakura Hanako",
        men="Ren Hiroto Ken Tsubasa Makoto Yuma",
        family="Sato Suzuki Takahashi Tanaka Ito Watanabe Yamamoto Nakamura",
    ),
)  # fmt: skip

_LATIN: Final = str.maketrans({
    "ß": "ss", "ł": "l", "ı": "i", "ø": "o", "'": "",
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
})  # fmt: skip


def forms(names: str, gender: int) -> list[tuple[str, str]]:
    """Listed names as (as written, in small Latin letters), for a woman (0) or a man (1)."""
    return [_form(name.split("|")[-1 if gender == 0 else 0]) for name in names.split()]


def _form(form: str) -> tuple[str, str]:
    written, _, latin = form.partition("=")
    return written, latin or in_latin(written)


def in_latin(text: str) -> str:
    """Small letters a to z that stand for the text in a mail address."""
    bare = unicodedata.normalize("NFKD", text.lower().translate(_LATIN))
    kept = "".join(mark for mark in bare if not unicodedata.combining(mark))
    return kept.translate(_LATIN)
