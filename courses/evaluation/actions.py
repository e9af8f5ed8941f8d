"""Answering. No event is recorded: it would carry the person and the moment of the answer."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from courses.enrolment.models import Enrolment
from courses.enrolment.participants import Participant
from courses.enrolment.states import TAKES_A_SEAT
from courses.evaluation import rules
from courses.evaluation.models import EvaluationAnswer, EvaluationTurn
from courses.evaluation.rules import Answer, Window
from edu.kernel import clock
from edu.kernel.errors import NotPermitted, Refusal

PROBLEMS = {
    "answers-missing": _("Answer every question; only the comment is optional."),
    "unknown-grade": _("Choose one of the five grades."),
    "comment-too-long": _("Shorten the comment to 1,000 characters."),
}


@transaction.atomic
def evaluate(one: Participant, answer: Answer) -> None:
    """Keep a learner's answer without the learner, and that the learner has answered without the answer.

    Refusals: "evaluation-not-open", "already-evaluated", those of PROBLEMS; NotPermitted for who does not learn here.
    """
    seat = [status.value for status in TAKES_A_SEAT]
    if one.teaches or not Enrolment.objects.filter(run=one.run, person_id=one.person_id, status__in=seat).exists():
        raise NotPermitted("not-a-learner", _("Only learners of the run evaluate it."))
    if rules.window(one.run.ends_on, clock.today()) != Window.OPEN:
        raise Refusal("evaluation-not-open", _("Evaluation is not open. The page says when it is."))
    problem = rules.problem_in(answer)
    if problem:
        raise Refusal(problem, PROBLEMS[problem])
    try:
        with transaction.atomic():
            EvaluationTurn.objects.create(run=one.run, person_id=one.person_id)
    except IntegrityError:
        raise Refusal("already-evaluated", _("You have evaluated this course. Each learner answers once.")) from None
    EvaluationAnswer.objects.create(run=one.run, place=answer.place, grades=dict(answer.grades), comment=answer.comment)
