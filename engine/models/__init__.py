"""The nouns Alur remembers, one to a file."""

from engine.models.absence import Absence
from engine.models.account_event import AccountEvent
from engine.models.allowance import Allowance
from engine.models.anchor import Anchor
from engine.models.assessment import Assessment
from engine.models.attempt import Attempt
from engine.models.attempted import Attempted
from engine.models.base import Base
from engine.models.batch import Batch
from engine.models.batch_row import BatchRow
from engine.models.calendar_change import CalendarChange
from engine.models.case import Case
from engine.models.chore import Chore
from engine.models.comment import Comment
from engine.models.contact import Contact
from engine.models.delegation import Delegation
from engine.models.delivery import Delivery
from engine.models.dispatch import Dispatch
from engine.models.document import Document
from engine.models.draft import Draft
from engine.models.emblem import Emblem
from engine.models.escalation import Escalation
from engine.models.event import Event
from engine.models.grant import Grant
from engine.models.holder import Holder
from engine.models.incident import Incident
from engine.models.mention import Mention
from engine.models.notice import Notice
from engine.models.office import Office
from engine.models.office_event import OfficeEvent
from engine.models.participation import Participation
from engine.models.passage import Passage
from engine.models.pause import Pause
from engine.models.person import Person
from engine.models.post import Post
from engine.models.preference import Preference
from engine.models.receipt import Receipt
from engine.models.reply import Reply
from engine.models.revision import Revision
from engine.models.saved_filter import SavedFilter
from engine.models.setting import Setting
from engine.models.sop import Sop
from engine.models.tally import CaseTally, Tally
from engine.models.task import Task
from engine.models.telling import Telling
from engine.models.token import Token
from engine.models.upload import Upload
from engine.models.webhook import Webhook

__all__ = [
    "Absence",
    "AccountEvent",
    "Allowance",
    "Anchor",
    "Assessment",
    "Attempt",
    "Attempted",
    "Base",
    "Batch",
    "BatchRow",
    "CalendarChange",
    "Case",
    "CaseTally",
    "Chore",
    "Comment",
    "Contact",
    "Delegation",
    "Delivery",
    "Dispatch",
    "Document",
    "Draft",
    "Emblem",
    "Escalation",
    "Event",
    "Grant",
    "Holder",
    "Incident",
    "Mention",
    "Notice",
    "Office",
    "OfficeEvent",
    "Participation",
    "Passage",
    "Pause",
    "Person",
    "Post",
    "Preference",
    "Receipt",
    "Reply",
    "Revision",
    "SavedFilter",
    "Setting",
    "Sop",
    "Tally",
    "Task",
    "Telling",
    "Token",
    "Upload",
    "Webhook",
]
