"""One person's turn in training: commands, choices, own words, and real life, which comes first.

The face of training towards the actions. Every step is written to the record before it is answered; where the record
cannot be written, the step has not happened. It returns None where somebody is not in training.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

from knowledge.engine import Engine
from knowledge.facts import plain
from knowledge.reply import Reply
from knowledge.training import course
from knowledge.training.certificate import certify
from knowledge.training.course import FEELINGS, Progress
from knowledge.training.drawn import Drawer, course_options, picked, words
from knowledge.training.learners import Elsewhere, Learner, Unread
from knowledge.training.record import Record
from knowledge.training.scenario import Choice, Scenario, load_scenarios
from knowledge.training.spoken import Judged, Spoken
from knowledge.training.standing import standing
from knowledge.training.steps import Steps
from knowledge.training.whereabouts import progress_of

Command = Literal["start", "pause", "resume", "skip", "stop"]
CODE = re.compile(r"\bresume\s+([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})\b", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_][\w .,'’/-]{1,79}")
LONGEST = 2000
LONGEST_COMMAND = 16
REAL_KINDS = ("advice", "emergency", "question")


@dataclass(frozen=True)
class Place:
    """Where a turn is taken: the conversation, who speaks where the channel knows, and the turn's own key."""

    conversation: str
    person: str | None = None
    name: str | None = None
    key: str | None = None


@dataclass
class Desk:
    """Takes turns of training."""

    engine: Engine
    spoken: Spoken
    record: Record
    scenarios: dict[str, Scenario] = field(default_factory=load_scenarios)

    @property
    def drawer(self) -> Drawer:
        """A drawer as of today."""
        return Drawer(self.engine.composer)

    @property
    def steps(self) -> Steps:
        """Who writes steps down, under the policy of today."""
        return Steps(self.record, self.scenarios, self.engine.library.policy)

    def turn(self, place: Place, said: str, *, asked: bool = False) -> Reply | None:
        """Return the reply to something said in training; None where the person is not in it.

        Nor is it training where the record cannot be read and the words are of something real, or answer what was
        `asked` of something real, which training never leaves open: advice does not wait for a record.
        """
        try:
            return self.safely(place, lambda: self.take_turn(place, said))
        except Unread:
            real = asked or self.engine.answer(said).type in REAL_KINDS
            return None if real else self.drawer.say(words()["not_kept"])

    def command(self, place: Place, command: Command) -> Reply:
        """Return the reply to start, pause, resume, skip or stop."""
        try:
            reply = self.safely(place, lambda: self.take_command(place, command))
        except Unread:
            return self.drawer.say(words()["not_kept"])
        return reply or self.drawer.say(words()["not_training"])

    def is_command(self, place: Place, said: str) -> bool:
        """Say whether the words are a command, and not an option on offer, a code, an answer, or a situation."""
        if CODE.search(said) or len(said.split()) > LONGEST_COMMAND or self.offers(place, said):
            return False
        return self.engine.is_move(said)

    def offers(self, place: Place, said: str) -> bool:
        """Say whether the words are one of the options that this person is shown just now."""
        try:
            shown = self.safely(place, lambda: self.again(place))
        except Unread:
            return False
        options = shown.question.options if shown and shown.question else ()
        return picked(said, [(each.title, each.value) for each in options]) is not None

    def again(self, place: Place) -> Reply | None:
        """Return what this person was shown last; None where they are not in training."""
        _, progress = self.where(place)
        return None if progress is None or progress.paused or progress.stage == "done" else self.show(progress)

    def safely(self, place: Place, take: Callable[[], Reply | None]) -> Reply | None:
        """Take a turn; where the record cannot be written, say that nothing has counted.

        Raises:
            Unread: it cannot be read, so nobody knows whether this person is in training.
        """
        try:
            return take()
        except Elsewhere:
            learner, progress = self.where(place)
            return self.show(progress, lead=words()["elsewhere"]) if learner and progress else None
        except Unread:
            raise
        except (SQLAlchemyError, OSError):
            return self.drawer.say(words()["not_kept"])

    def where(self, place: Place) -> tuple[Learner | None, Progress | None]:
        """Return who speaks, and where they are in training."""
        found = self.record.learner_at(place.conversation, place.person)
        learner = found._replace(asked=place.key) if found else None
        return learner, progress_of(learner) if learner else None

    def take_turn(self, place: Place, said: str) -> Reply | None:  # noqa: PLR0911  (one a stage)
        """Take one turn of somebody who may be in training."""
        if code := CODE.search(said):
            return self.take_up(place, code.group(1))
        learner, progress = self.where(place)
        if not learner or not progress or progress.paused or progress.stage == "done":
            return None
        if learner.taken:
            return self.show(progress)
        if len(said) > LONGEST:
            return self.show(progress, lead=words()["too_long"])
        match progress.stage:
            case "course":
                return self.choose_course(learner, progress, said)
            case "name":
                return self.give_name(learner, progress, said)
            case "before" | "after":
                return self.feel(learner, progress, said)
            case _:
                return self.play(learner, progress, said)

    def take_command(self, place: Place, command: Command) -> Reply | None:  # noqa: PLR0911  (one a command)
        """Carry out a command."""
        learner, progress = self.where(place)
        if learner and progress and learner.taken:
            return self.show(progress)
        if command == "start":
            return self.start(place, learner, progress)
        if not learner or not progress or progress.stage == "done":
            return self.drawer.say(words()["nothing_to_resume" if command == "resume" else "not_training"])
        if command == "pause":
            return self.move(learner, progress.model_copy(update={"paused": True}), words()["paused"])
        if command == "resume":
            return self.move(learner, progress.model_copy(update={"paused": False}))
        if command == "stop":
            return self.move(learner, Progress(stage="done"), words()["stopped"])
        if progress.stage != "scenes":
            return self.show(progress)
        return self.move(learner, course.enter(course.skip(progress), self.scenarios), words()["skipped"])

    def start(self, place: Place, learner: Learner | None, progress: Progress | None) -> Reply:
        """Begin a course; one that was begun is kept until another is chosen."""
        learner = learner or self.record.begin(place.conversation, place.person, place.name)
        begun = progress is not None and progress.stage not in ("course", "name", "done")
        held = progress.model_dump_json() if progress and begun else progress.held if progress else ""
        return self.move(learner, Progress(held=held))

    def take_up(self, place: Place, code: str) -> Reply:
        """Go on with training begun elsewhere."""
        learner = self.record.take_up(place.conversation, place.person, code)
        if learner is None:
            return self.drawer.say(words()["bad_code"])
        progress = progress_of(learner)
        if progress is None or progress.stage == "done":
            return self.drawer.say(words()["taken_up"])
        return self.move(learner, progress.model_copy(update={"paused": False}))

    def choose_course(self, learner: Learner, progress: Progress, said: str) -> Reply:
        """Take the answer to which course."""
        kind: course.Kind | Literal["go_on"] | None = picked(said, course_options(progress))
        if kind is None:
            return self.show(progress)
        if kind == "go_on":
            return self.move(learner, Progress.model_validate_json(progress.held).model_copy(update={"paused": False}))
        stands = standing(
            self.record.entries(learner.id), self.scenarios, self.engine.library.policy, self.record.now()
        )
        order = course.chosen_order(kind, self.scenarios, stands.stale, stands.done, f"{learner.id}{learner.step}")
        stage: course.Stage = "before" if learner.recorded else "name"
        chosen = Progress(stage=stage, kind=kind, order=order)
        return self.move(learner, chosen) if stage == "name" or learner.coded else self.hand_code(learner, chosen)

    def hand_code(self, learner: Learner, progress: Progress) -> Reply:
        """Write a step, and say once the code by which somebody whom a channel knows can go on elsewhere."""
        moved, code = self.steps.hand_code(learner, progress)
        return self.show(moved, lead=words()["coded"].format(code=code))

    def give_name(self, learner: Learner, progress: Progress, said: str) -> Reply:
        """Take a name for the record, or none."""
        onward = progress.model_copy(update={"stage": "before"})
        if picked(said, [(words()["no_record"], "no_record")]):
            return self.move(learner, onward)
        name = " ".join(said.split())
        if not NAME.fullmatch(name):
            return self.show(progress, lead=words()["bad_name"])
        code = self.record.name(learner, name)
        return self.move(learner._replace(recorded=True), onward, words()["named"].format(name=name, code=code))

    def feel(self, learner: Learner, progress: Progress, said: str) -> Reply:
        """Take one answer to the questions asked before and after."""
        value = picked(said, [(each, each) for each in words()["feeling_options"]])
        if value is None:
            return self.show(progress)
        felt = (*getattr(progress, progress.stage), int(value))
        moved = progress.model_copy(update={progress.stage: felt})
        if len(felt) < FEELINGS:
            return self.move(learner, moved)
        if progress.stage == "before":
            return self.move(learner, course.enter(moved, self.scenarios), kind="began")
        return self.finish(learner, moved.model_copy(update={"stage": "done"}))

    def play(self, learner: Learner, progress: Progress, said: str) -> Reply:
        """Take a choice, or an answer in own words; what is real comes before both."""
        scenario = self.scenarios[str(progress.now)]
        scene = scenario.scenes[progress.scene]
        which = picked(said, [(each.text, each.id) for each in scene.choices])
        if which is not None:
            return self.choose(learner, progress, scenario, scene.choice(which), None)
        if real := self.real(said):
            return self.step_out(learner, progress, real)
        judged = self.spoken.judge(said, self.engine.library.procedures[scene.procedure])
        if judged.verdict is None:
            return self.show(progress, lead=words()["unread"])
        choice = course.in_own_words(scene, judged.verdict, (*judged.named, *judged.harm))
        return self.choose(learner, progress, scenario, choice, judged)

    def choose(
        self, learner: Learner, progress: Progress, scenario: Scenario, choice: Choice, judged: Judged | None
    ) -> Reply:
        """Take a choice: feedback, then the next scene or what comes after the last."""
        moved = course.take(progress, scenario, choice, own_words=judged is not None)
        ending = scenario.endings.get(choice.next, "")
        given = self.drawer.feedback(choice.verdict, choice.feedback, choice.clause, judged, ending)
        if ending:
            moved = course.enter(moved, self.scenarios)
        return self.move(learner, moved, before=given, kind="chose")

    def real(self, said: str) -> Reply | None:
        """Return advice where what is said in training is real; None where it is an answer."""
        marked = any(mark in plain(said) for mark in words()["real_marks"])
        if not marked and not self.spoken.is_report(said):
            return None
        reply = self.engine.answer(said)
        if reply.type not in REAL_KINDS:
            return None
        return reply.model_copy(update={"real": True, "text": f"{words()['real']}\n\n{reply.text}"})

    def step_out(self, learner: Learner, progress: Progress, real: Reply) -> Reply:
        """Pause training for something real. The advice goes out even where the record cannot be written."""
        try:
            self.steps.write(learner, progress.model_copy(update={"paused": True}), "")
        except (SQLAlchemyError, Elsewhere, OSError):
            return real
        return real

    def move(
        self, learner: Learner, progress: Progress, lead: str = "", *, before: Reply | None = None, kind: str = ""
    ) -> Reply:
        """Write a step, and show where it leads."""
        written = self.steps.write(learner, progress, kind)
        return self.show(written, before=before, lead=lead)

    def finish(self, learner: Learner, progress: Progress) -> Reply:
        """End a course: the result from its choices alone, and a certificate where it is passed."""
        found = course.result(progress)
        if not learner.recorded:
            self.steps.write(learner, progress, "")
            reply = self.drawer.done(found, self.scenarios, None)
            return reply.model_copy(update={"text": f"{reply.text}\n\n{words()['unrecorded']}"})
        entry = self.steps.end(learner, progress, found)
        name = self.record.names().get(learner.id, "")
        return self.drawer.done(
            found,
            self.scenarios,
            certify(self.record, entry, name, self.engine.library.policy) if found.passed else None,
        )

    def show(self, progress: Progress, *, before: Reply | None = None, lead: str = "") -> Reply:
        """Return where a learner is."""
        return self.drawer.at(progress, self.scenarios, before, lead)
