"""Finds contact details by their form: phone numbers as in Britain, e-mail addresses, links, handles. Keeps nothing."""

import re
from functools import cache
from typing import Callable, Iterator, List, Pattern, Tuple

from bot.masking.lexicon import is_word

Span = Tuple[int, int, str]

AT = r"(?:\s?@\s?|\s?[\[({<]\s?(?:at|@)\s?[\])}>]\s?)"
DOT = r"(?:\.|\s\.|\s?[\[({<]\s?(?:dot|\.)\s?[\])}>]\s?|\s+dot\s+)"
JOIN = r"(?:[.+'_\-]|\s+(?:dot|underscore|dash|hyphen)\s+|\s?[\[(](?:dot|underscore|dash)[\])]\s?)"
LOCAL = rf"[^\W_]+(?:(?:{JOIN})+[^\W_]+)*_?"
LABEL = r"[^\W_]+(?:-+[^\W_]+)*"
MAILERS = (
    "gmail|googlemail|hotmail|outlook|yahoo|ymail|icloud|live|msn|aol|btinternet|btopenworld|proton|protonmail|"
    "virginmedia|talktalk|ntlworld|tiscali|sky|mail|me|gmx"
)
ENDS = (
    "com|co|org|net|uk|sch|edu|gov|ac|info|link|page|xyz|online|site|shop|club|app|dev|blog|live|chat|video|social|"
    "school|academy|ie|eu|fr|de|es|pl|in|nl|it|us|ca|au|nz|pk|ng|ru|cn|tk|io|gg|tv|be|ly|me|fm|gl|so|to|cc|ws|biz"
)
CLEAR_ENDS = (
    "com|co\\.uk|org|net|uk|sch\\.uk|edu|gov|info|xyz|online|blog|ie|biz|app|gg|io|ly|tv|link|page|site|example|test"
)
EMAILS = (
    rf"{LOCAL}{AT}{LABEL}(?:{DOT}{LABEL})*{DOT}(?:{ENDS})\b",
    rf"{LOCAL}\s+at\s+{LABEL}(?:\s+dot\s+{LABEL})*\s+dot\s+(?:{ENDS})\b",
    rf"{LOCAL}\s+at\s+(?:{MAILERS}){DOT}(?:{ENDS})(?:{DOT}uk)?\b",
    rf"(?=\S*[\d._]){LOCAL}(?:{AT}|\s+at\s+)(?:gmail|googlemail|hotmail|outlook|yahoo|icloud)\b",
    rf"{LOCAL}@{LABEL}(?:\.{LABEL})*",
)
PATH = r"(?:[/?#][^\s<>\"”“]*|:\d[^\s<>\"”“]*)"
LINKS = (
    r"\b(?:https?|hxxps?|ftp)\s?:\s?//\s?[^\s<>\"”“]+",
    r"\bwww\s?\.\s?[^\s<>\"”“]+",
    rf"(?<![\w@.])(?:{LABEL}\.)+[a-z]{{2,12}}{PATH}",
    rf"(?<![\w@.])(?:{LABEL}\.)+(?:{CLEAR_ENDS})\b(?!\.?\w)",
    rf"\b(?:{LABEL})(?:\s+dot\s+{LABEL})*\s+dot\s+(?:{ENDS})\b(?:\s+(?:forward\s+)?slash\s+\S+|/\S+)*",
    rf"(?<![\w@.])(?:{LABEL}\.)+(?:{ENDS})\s+(?:forward\s+)?slash\s+\S+",
)
GAP = r"[\s.\-–/()]{0,3}"
EXTENSION = r"(?:[\s,]*(?:ext|extn|extension|x)\.?\s*(?:no\.?|number)?\s*\d{2,6})?"
PHONES = (
    rf"(?<![\w£$])\(?(?:\+|00)\s?\(?\d(?:{GAP}\d){{7,14}}(?!\w){EXTENSION}",
    rf"(?<![\w£$])\(?[0oO](?:{GAP}[\doO]){{8,10}}(?!\w){EXTENSION}",
    rf"(?<![\w£$])(?:44|7\d){GAP}\d(?:{GAP}\d){{7,10}}(?!\w){EXTENSION}",
    (
        r"\b(?:number|num|phone|mobile|mob|tel|telephone|landline|whatsapp|ring|call|text|txt|ext|extn|extension)\b"
        r"(?:\s?(?:is|on|no|number|me|him|her|them|his|at|:|=|-|\.)\s?){0,3}\s?(?P<it>\d(?:[\s.\-–]?\d){4,11})(?!\w)"
    ),
    r"\b(?:ext|extn|extension)\.?\s?(?:is|no\.?|number|:)?\s?(?P<it>\d{2,6})\b",
)
PLACES = (
    "snap|snapchat|snaps|sc|insta|instagram|ig|tiktok|tik tok|discord|twitter|telegram|kik|roblox|psn|xbox|steam|"
    "twitch|reddit|wattpad|threads|bereal|be real|youtube|yt|facebook|fb|tumblr|strava|vinted|playstation|xbl|"
    "minecraft|fortnite|skype|bluesky|pinterest|vsco|whisper|yubo|wizz|omegle|onlyfans|only fans|signal|linkedin"
)
NAMED = "user ?name|user ?id|handle|gamer ?tag|screen ?name|@|tag|user|snapcode|psn|alias|login|nickname"
KEEP = r"(?P<it>[\"'“‘]?[\w.\-#]{3,40}[\"'”’]?)"
LOOKS = r"(?P<it>(?=[\w.\-]*(?:\d|_|[a-z]\.[a-z]))[a-zA-Z_.][\w.\-]{2,40})"
OPEN = r"[\"'“‘]?"
WORDY = r"(?P<it>[^\W\d_][\w.\-]{3,40})"
SAYS = r"(?:\s*(?:is|was|were|called|named|are|=|:|-|–|it's|its|as|by|under|reads|says|goes|like|being|now)\s*)"
HANDLES = (
    r"(?<![\w@.])@[\w][\w.\-]*",
    r"(?<![\w@.])@\s(?P<it>(?=\w*[\d_])[a-zA-Z_][\w.\-]{2,})",
    rf"\b(?:{NAMED})\b(?:\s*(?:on|for|in|there|on there)\s+(?:{PLACES}))?{SAYS}{{1,3}}\s?{KEEP}",
    rf"\b(?:{NAMED}|{PLACES})\b(?:\s*[\w']+){{0,3}}?\W{{1,3}}{LOOKS}",
    r"(?<![\w@./])(?:u|r)/[\w\-]{3,}",
    r"(?<![\w@./])[\w.]*[^\W\d_][\w.]*#\d{3,5}\b",
    r"(?<![\w@./\-])(?=\w*[^\W\d_])\w*[^\W_]_+[^\W_][\w.]*",
    r"(?<![\w@./\-])(?:_+\w*[^\W\d_]\w*|\w*[^\W\d_]\w*_+)(?!\w)",
)
DOTTED = r"(?<![\w@./\-£$])(?P<it>(?=[\w.]*[^\W\d])\w+(?:\.\w+)+)(?![\w@/])"
WORD_HANDLES = (
    rf"\b(?:{PLACES})\b(?:\s+(?:name|user|account|handle|id|tag|page|profile))?{SAYS}{{1,3}}{OPEN}{WORDY}",
    rf"\b(?:{PLACES})\b(?:\s+(?:name|user|account|handle|id|tag))?[\s:(\-–]+(?P<it>[^\W\d_][\w.\-]{{4,40}})",
)
NUMBERED = r"(?<![\w@./£#\-'’])(?P<it>[^\W\d_]{3,}\d{2,}[^\W_]*|[^\W\d_]{4,}\d[^\W_]*)(?!\w)"
PLAIN_AT = {"home", "school", "work", "lunch", "the", "all", "everyone", "break", "here", "gmail", "hotmail"}
CLOCK = re.compile(r"@?\d{1,2}([:.]\d\d)?\s?(am|pm|ish)?$", re.IGNORECASE)
PLAINLY_DOTTED = re.compile(
    r"([a-z]\.)+[a-z]?$|v?\d+(\.\d+)*[a-z]{0,3}$|\d+\.\d+.*|[a-z]+\.(i|im|ive|its|he|hes|she|shes|they|the|we|thanks|ta|so|but)$|"
    r".*\.(jpg|jpeg|png|gif|pdf|docx?|xlsx?|pptx?|mp4|mov|mp3|zip|csv|txt|heic)$"
)
COUNTED = re.compile(
    r"(year|yr|yrs|class|group|room|set|iphone|ipad|galaxy|covid|windows|form|term|week|page|grade|office|section|part|"
    r"clause|para|appendix|version|level|unit|key|lesson|block|form|gcse|june|july|sept|mp|ps|ks|sats|formula|"
    r"channel|bbc|radio|route|under|over|age|aged|nov|dec|jan|feb|mar|apr|aug|oct|top|mark|point|step|number|day)\d{1,4}[a-z]{0,3}$",
    re.IGNORECASE,
)


@cache
def compiled(form: str) -> Pattern[str]:
    """Return the form, ready for use."""
    return re.compile(form, re.IGNORECASE)


def found(text: str, forms: Tuple[str, ...], kind: str) -> Iterator[Span]:
    """Yield where one of the forms stands; the part named `it` where the form has one."""
    for form in forms:
        for match in compiled(form).finditer(text):
            start, end = match.span("it") if "it" in match.re.groupindex else match.span()
            yield trimmed(text, start, end, kind)


def trimmed(text: str, start: int, end: int, kind: str) -> Span:
    """Return the span without the punctuation around it."""
    while end > start and text[end - 1] in " .,;:!?'\"”’)(-–/" and not (text[end - 1] == "/" and kind == "link"):
        end -= 1
    while start < end and (text[start] in " '\"“‘" or (text[start] == "(" and ")" not in text[start:end])):
        start += 1
    return start, end, kind


def handles(text: str) -> Iterator[Span]:
    """Yield what looks like a name on a platform."""
    for start, end, kind in found(text, HANDLES, "handle"):
        said = text[start:end].lower()
        if said.lstrip("@") not in PLAIN_AT and not CLOCK.match(said) and not (said[0] != "@" and COUNTED.match(said)):
            yield start, end, kind
    for span in found(text, WORD_HANDLES, "handle"):
        if not is_word(text[span[0] : span[1]].lower()):
            yield span
    for span in found(text, (DOTTED,), "handle"):
        said = text[span[0] : span[1]].lower()
        if not COUNTED.match(said) and not PLAINLY_DOTTED.match(said) and any(odd(part) for part in said.split(".")):
            yield span
    for span in found(text, (NUMBERED,), "handle"):
        said = text[span[0] : span[1]].lower()
        if not COUNTED.match(said) and not is_word(re.sub(r"\d.*", "", said)):
            yield span


def odd(part: str) -> bool:
    """Say whether a part between dots is no ordinary word: letters with numbers, or letters that make none."""
    letters = re.sub(r"[\d_]", "", part)
    return bool(letters) and (letters != part or (len(part) > 1 and not is_word(part)))


FINDERS: Tuple[Callable[[str], Iterator[Span]], ...] = (
    lambda text: found(text, EMAILS, "email"),
    lambda text: found(text, LINKS, "link"),
    lambda text: found(text, PHONES, "phone"),
    handles,
)


def contacts(text: str) -> List[Span]:
    """Return where contact details stand, in order and apart; where two overlap they are one, of the earlier kind."""
    taken: List[Span] = []
    for finder in FINDERS:
        for start, end, kind in finder(text):
            met = [other for other in taken if start < other[1] and other[0] < end]
            if start < end:
                taken = [other for other in taken if other not in met]
                first, last = min([start, *(each[0] for each in met)]), max([end, *(each[1] for each in met)])
                taken.append((first, last, met[0][2] if met else kind))
    return sorted(taken)
