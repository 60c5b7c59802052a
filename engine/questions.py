"""The open questions of an SOP (temuan), and what its owner answered to them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bpmn.document import Temuan
from bpmn.errors import N_, AlurError
from engine import access, sopbook, sops
from engine.access import Actor
from engine.models import Person, Reply, Revision, Sop

LONGEST: Final = 2_000


class QuestionError(AlurError):
    """An answer that is not kept."""

    status = 422
    field = "reply"


class NoReply(QuestionError):
    sentence = N_("Tulis jawabannya (paling banyak %(limit)s huruf).")


class NoSuchQuestion(QuestionError):
    """It was answered by a new revision while she wrote."""

    sentence = N_(
        "Pertanyaan ini tidak ada (lagi) pada revisi yang berlaku. Muat ulang halaman SOP-nya."
    )
    status = 404


class AnsweredMeanwhile(QuestionError):
    """Two leaders, one question: the second reads what the first said before going on."""

    sentence = N_(
        "%(who)s baru saja menjawab pertanyaan ini, jadi jawaban Anda belum tersimpan. "
        "Bacalah dahulu, lalu simpan bila jawaban Anda masih perlu."
    )
    status = 409


@dataclass(frozen=True)
class Said:
    """One answer: who gave it, as what and when."""

    reply: Reply
    who: str


@dataclass(frozen=True)
class Question:
    """A question with its answers, the latest first; `key` tells it from all others."""

    temuan: Temuan
    key: str
    said: tuple[Said, ...]

    @property
    def is_open(self) -> bool:
        return not self.said


def of(session: Session, sop: Sop, temuan: tuple[Temuan, ...]) -> list[Question]:
    """The questions of a revision, in its order, with what was answered so far."""
    said: dict[str, list[Said]] = {}
    for reply, who in session.execute(
        select(Reply, Person.name)
        .join(Person, Person.id == Reply.person_id)
        .where(Reply.sop_id == sop.id)
        .order_by(Reply.number.desc())
    ):
        said.setdefault(reply.question, []).append(Said(reply, who))
    keys = {_key(each): each for each in temuan}
    return [Question(each, key, tuple(said.get(key, ()))) for key, each in keys.items()]


def still_open(
    session: Session, asked: Mapping[int, tuple[Temuan, ...]]
) -> dict[int, list[Temuan]]:
    """Of several SOPs, by their ids, the questions that nobody has answered."""
    rows = session.execute(
        select(Reply.sop_id, Reply.question).where(Reply.sop_id.in_(asked)).distinct()
    )
    answered = {(sop_id, question) for sop_id, question in rows}
    return {
        sop_id: [each for each in temuan if (sop_id, _key(each)) not in answered]
        for sop_id, temuan in asked.items()
    }


def answer(
    session: Session,
    actor: Actor,
    office: str,
    slug: str,
    key: str,
    text: str,
    seen: int,
    now: datetime,
) -> None:
    """Keep the owner's answer; `seen` is how many answers she had read when she wrote it."""
    sop, owner = sopbook.find(session, actor, office, slug)
    access.require(actor, "sop.answer", owner.id)
    text = _written(text)
    asked = _asked(session, sop, key)
    if _was_heard(asked, actor, text):
        return
    if len(asked.said) != seen:
        raise _meanwhile(asked)
    try:
        with session.begin_nested():
            session.add(_reply(actor, sop, asked, text, now))
    except IntegrityError:
        raise _meanwhile(_asked(session, sop, key)) from None


def _written(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not 0 < len(lines) <= LONGEST:
        raise NoReply(limit=LONGEST)
    return lines


def _was_heard(asked: Question, actor: Actor, text: str) -> bool:
    """The same from the same: sent again, because the line was cut before she knew."""
    last = asked.said[0].reply if asked.said else None
    return last is not None and (last.person_id, last.text) == (actor.person_id, text)


def _meanwhile(asked: Question) -> AnsweredMeanwhile:
    return AnsweredMeanwhile(who=asked.said[0].who if asked.said else "Alur")


def _reply(actor: Actor, sop: Sop, asked: Question, text: str, now: datetime) -> Reply:
    held = actor.post_in(sop.office_id)
    if actor.person_id is None or held is None:
        raise access.Forbidden
    return Reply(
        office_id=sop.office_id,
        sop_id=sop.id,
        question=asked.key,
        number=len(asked.said) + 1,
        text=text,
        person_id=actor.person_id,
        capacity=held.words,
        at=now,
    )


def _asked(session: Session, sop: Sop, key: str) -> Question:
    meaning = sops.meaning(session.get_one(Revision, sop.revision_id))
    for question in of(session, sop, meaning.temuan):
        if question.key == key:
            return question
    raise NoSuchQuestion


def _key(temuan: Temuan) -> str:
    return hashlib.sha256(f"{temuan.id}\n{temuan.tanya}\n{temuan.temuan}".encode()).hexdigest()
