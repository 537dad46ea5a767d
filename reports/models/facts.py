"""What reports are counted from: views of the database without names, texts or codes of people.

The views are made in the migrations; the report role can read them and nothing else, and
`scope.py` takes that role. People and records are opaque keys here, which open no page.
"""

from django.db import models


class Fact(models.Model):
    """What each kind of fact has: what happened, where it belongs, on which day.

    One record gives several facts when it belongs to several categories or topics.
    """

    id = models.UUIDField(primary_key=True)
    record = models.UUIDField()
    kind = models.CharField(max_length=30)
    organization_id = models.UUIDField()
    grant_id = models.UUIDField(null=True)
    day = models.DateField()
    code = models.CharField(max_length=120)

    class Meta:
        abstract = True
        managed = False

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class OfPerson(Fact):
    """Something that happened for one person: visit, service, information, screening, referral…

    `status` is the trafficking status as it stood on that day, `age` the one to count with, in
    years; `category` and `topic` are those of the service.
    """

    person = models.UUIDField()
    category = models.CharField(max_length=30)
    topic = models.CharField(max_length=40)
    status = models.CharField(max_length=20)
    sex = models.CharField(max_length=10)
    nationality = models.CharField(max_length=2)
    age = models.SmallIntegerField(null=True)

    class Meta(Fact.Meta):
        abstract = True


class PersonFact(OfPerson):
    """A fact of somebody whose record is here, or one that was kept when a record went."""

    class Meta(OfPerson.Meta):
        abstract = False
        db_table = "report_person_fact"


class ProfessionalFact(Fact):
    """A seat that one professional took at a training."""

    professional = models.UUIDField()
    sex = models.CharField(max_length=10)
    profession = models.CharField(max_length=20)
    institution_type = models.CharField(max_length=40)

    class Meta(Fact.Meta):
        abstract = False
        db_table = "report_professional_fact"


class OfNobody(Fact):
    """A number without anybody behind it: people met, heads counted, leaflets, events."""

    quantity = models.IntegerField()
    sex = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    min_age = models.SmallIntegerField(null=True)
    max_age = models.SmallIntegerField(null=True)

    class Meta(Fact.Meta):
        abstract = True


class CountFact(OfNobody):
    """A number of what is recorded here, or one that was kept when a record went."""

    class Meta(OfNobody.Meta):
        abstract = False
        db_table = "report_count_fact"
