"""Training as reply objects of the contract: type `training` while it goes on, `record` when it is done.

Choices are options of `question`, so every channel draws them as it draws any question. It decides nothing.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from knowledge.compose import Composer
from knowledge.facts import plain
from knowledge.load import read_yaml
from knowledge.paths import ROOM
from knowledge.reply import Asked, Choice, Feedback, Reply, Training
from knowledge.training.course import PASS_MARK, Progress, Result
from knowledge.training.scenario import Scenario, Verdict
from knowledge.training.spoken import Judged


@cache
def words() -> dict[str, Any]:
    """Return the fixed words of training."""
    found = read_yaml(ROOM / "training" / "words.yml")
    assert isinstance(found, dict)
    return found


class Drawer:
    """Draws training from one composer's library."""

    def __init__(self, composer: Composer) -> None:
        self.composer = composer

    def say(self, text: str, options: Sequence[tuple[str, str]] = (), *, ask: str = "", fact: str = "choice") -> Reply:
        """Return words of training's own, with options to choose from."""
        listed = "\n".join(f"{n}. {title}" for n, (title, _) in enumerate(options, 1))
        choices = tuple(Choice(title=title, value=value) for title, value in options)
        asked = Asked(fact=fact, text=ask or text, options=choices) if options else None
        whole = "\n\n".join(part for part in (text, ask, listed) if part)
        return Reply(type="training", text=whole, lead=text, question=asked, training=Training())

    def at(
        self, progress: Progress, scenarios: dict[str, Scenario], before: Reply | None = None, lead: str = ""
    ) -> Reply:
        """Return where a learner is, after what came before and with words to lead it in."""
        if progress.paused or progress.stage == "done":
            return self.say(lead or words()["paused"])
        match progress.stage:
            case "course":
                return self.courses(progress)
            case "name":
                return self.say(lead, [(words()["no_record"], "no_record")]) if lead else self.name()
            case "before":
                return self.feeling(len(progress.before), lead)
            case "after":
                first = words()["feelings_after"] if not progress.after else ""
                return self.after(before, self.feeling(len(progress.after), lead or first))
            case _:
                return self.scene(progress, scenarios[str(progress.now)], before, lead)

    def courses(self, progress: Progress) -> Reply:
        """Return the question which course."""
        return self.say(words()["choose_course"], course_options(progress))

    def name(self) -> Reply:
        """Return the question for a name."""
        return self.say(words()["ask_name"], [(words()["no_record"], "no_record")])

    def feeling(self, n: int, lead: str = "") -> Reply:
        """Return one of the questions asked before and after."""
        options = [(each, each) for each in words()["feeling_options"]]
        return self.say(
            lead or words()["feelings"][n], options, ask=words()["feelings"][n] if lead else "", fact="sure"
        )

    def scene(self, progress: Progress, scenario: Scenario, before: Reply | None = None, lead: str = "") -> Reply:
        """Return the present scene, after the feedback on the one before."""
        scene = scenario.scenes[progress.scene]
        at = words()["progress"].format(at=progress.behind + 1, of=len(progress.order), title=scenario.title)
        options = [(each.text, f"{scenario.id}/{progress.scene}/{each.id}") for each in scene.choices]
        asked = self.say("\n\n".join(part for part in (lead, at, scene.story) if part), options, ask=scene.ask)
        where = Training(
            course=progress.kind,
            title=scenario.title,
            at=progress.behind + 1,
            of=len(progress.order),
            story=scene.story,
            feedback=before.training.feedback if before and before.training else None,
        )
        return self.after(before, asked.model_copy(update={"training": where, "lead": lead or at}))

    def feedback(self, verdict: Verdict, text: str, clause: str, judged: Judged | None, ending: str) -> Reply:
        """Return what a choice was worth: what follows in the story, and the clause word for word."""
        quote = self.composer.quote(clause)
        lines = [f"{words()[verdict]} {text}"]
        if judged:
            lines += [
                words()[f"{kind}_steps"].format(steps="; ".join(self.plain(code) for code in codes))
                for kind, codes in (("named", judged.named), ("missed", judged.missed), ("harm", judged.harm))
                if codes
            ]
        quoted = f'{quote.number} {quote.heading}\n"{quote.quote}"'
        lines.append(quoted)
        if ending:
            lines.append(words()["ends"].format(ending=ending))
        given = Feedback(
            verdict=verdict,
            text="\n".join([text, *(line for line in lines[1:] if line != quoted)]),
            clause=clause,
            named=judged.named if judged else (),
            missed=judged.missed if judged else (),
            harm=judged.harm if judged else (),
        )
        return Reply(
            type="training",
            text="\n\n".join(lines),
            clauses=(quote,),
            policy=self.composer.source(),
            training=Training(feedback=given),
        )

    def plain(self, code: str) -> str:
        """Return a step in a few words."""
        return str(words()["codes"][code])

    def done(self, result: Result, scenarios: dict[str, Scenario], certificate: tuple[str, str] | None) -> Reply:
        """Return what a course came to."""
        percent, say = round(100 * result.share), words()
        lines = [
            say["done_passed" if result.passed else "done_failed"].format(percent=percent, mark=round(100 * PASS_MARK))
        ]
        if result.wrong:
            lines.append(say["done_again"].format(titles="; ".join(scenarios[each].title for each in result.wrong)))
        if certificate:
            lines.append(say["certificate"].format(link=certificate[0], code=certificate[1]))
        where = Training(percent=percent, passed=result.passed, certificate=certificate[0] if certificate else None)
        return Reply(
            type="record", text="\n\n".join(lines), lead=lines[0], training=where, policy=self.composer.source()
        )

    def after(self, first: Reply | None, then: Reply) -> Reply:
        """Return one reply that says both, the first's clauses and feedback with it: never two messages."""
        if first is None:
            return then
        training = then.training or Training()
        given = first.training.feedback if first.training else None
        return then.model_copy(
            update={
                "text": f"{first.text}\n\n{then.text}",
                "clauses": first.clauses,
                "policy": first.policy or then.policy,
                "training": training.model_copy(update={"feedback": given}),
            }
        )


def course_options(progress: Progress) -> list[tuple[str, str]]:
    """Return the courses to choose from; first the one that was begun, where there is one."""
    begun = [(str(words()["go_on"]), "go_on")] if progress.held else []
    return begun + [(title, kind) for kind, title in words()["courses"].items()]


def picked(said: str, options: Sequence[tuple[str, Any]]) -> Any | None:
    """Return the value of the option that is named: by its number, its title or its value."""
    told = plain(said).strip().rstrip(".!")
    for n, (title, value) in enumerate(options, 1):
        if told in (str(n), f"{n})", plain(title).strip().rstrip(".!"), plain(value)):
            return value
    return None
