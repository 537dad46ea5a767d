"""The map of casework: people, visits, cases and what belongs to a case."""

from django.urls import path

from casework.views import (
    access,
    ages,
    cards,
    cases,
    child,
    consent_texts,
    consents,
    desk,
    drafting,
    emergency,
    exports,
    family,
    files,
    headcounts,
    intake,
    interpreters,
    newcomers,
    people,
    printing,
    services,
    talking,
    tasks,
    timeline,
    tracing,
    twins,
    visit_rules,
    visits,
)

app_name = "casework"

people_urls = [
    path("people/", people.people, name="people"),
    path("people/find/", people.find, name="find"),
    path("people/alike/", newcomers.alike, name="alike"),
    path("people/alike/elsewhere/", newcomers.alike_elsewhere, name="alike_elsewhere"),
    path("people/twins/", twins.twin_list, name="twin_list"),
    path("people/twins/<uuid:pk>/", twins.twins, name="twins"),
    path("people/twins/<uuid:pk>/merge/", twins.merge_people, name="merge_people"),
    path("people/merges/<uuid:pk>/", twins.merge, name="merge"),
    path("people/merges/<uuid:pk>/undo/", twins.undo_merge, name="undo_merge"),
    path("people/transit/", intake.receive_in_transit, name="receive_in_transit"),
    path("people/unfinished/", intake.unfinished, name="unfinished"),
    path("people/<uuid:pk>/intake/", intake.continue_intake, name="continue_intake"),
    path("people/<uuid:pk>/intake/end/", intake.end_intake, name="end_intake"),
    path("people/drafts/<uuid:pk>/drop/", drafting.drop_form_draft, name="drop_form_draft"),
    path("people/elsewhere/", people.ask_elsewhere, name="ask_elsewhere"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("people/<uuid:pk>/change/", people.change_person, name="change_person"),
    path("people/<uuid:pk>/identity/", people.record_identity, name="record_identity"),
    path("people/<uuid:pk>/twin/", twins.open_ticket, name="open_ticket"),
    path("people/<uuid:pk>/case/", people.open_case, name="open_case"),
]

visit_urls = [
    path("visits/", visits.visits, name="visits"),
    path("visits/new/", visits.new_visit, name="new_visit"),
    path("visits/new/person/", newcomers.receive_visitor, name="receive_visitor"),
    path("visits/new/<uuid:pk>/", visits.record_visit, name="record_visit"),
    path("visits/new/count/", headcounts.record_headcount, name="record_headcount"),
    path("visits/count/<uuid:pk>/undo/", headcounts.undo_headcount, name="undo_headcount"),
    path("visits/<uuid:pk>/", visits.visit, name="visit"),
    path("visits/<uuid:pk>/change/", visits.change_visit, name="change_visit"),
]

desk_urls = [
    path("visits/desk/", desk.desk, name="desk"),
    path("visits/desk/<uuid:pk>/family/", desk.family, name="check_in_family"),
    path("visits/here/", desk.here, name="here"),
    path("visits/here/out/", desk.check_out_everybody, name="check_out_everybody"),
    path("visits/here/<uuid:pk>/out/", desk.check_out, name="check_out"),
    path("visits/here/<uuid:pk>/waiting/", desk.set_waiting, name="set_waiting"),
    path("people/<uuid:pk>/cards/", cards.cards, name="cards"),
    path("people/<uuid:pk>/cards/issue/", cards.issue_card, name="issue_card"),
    path("cards/<uuid:pk>/replace/", cards.replace_card, name="replace_card"),
    path("cards/<uuid:pk>/end/", cards.end_card, name="end_card"),
    path("cards/print/", cards.print_cards, name="print_cards"),
    path("settings/visit-rules/", visit_rules.visit_rules, name="visit_rules"),
    path("settings/visit-rules/new/", visit_rules.new_visit_rule, name="new_visit_rule"),
    path(
        "settings/visit-rules/<uuid:pk>/",
        visit_rules.change_visit_rule,
        name="change_visit_rule",
    ),
]

tracing_urls = [
    path("people/tracing/", tracing.matches, name="matches"),
    path("people/<uuid:pk>/tracing/", tracing.tracing, name="tracing"),
    path("people/<uuid:pk>/tracing/new/", tracing.record_sought, name="record_sought"),
    path("people/sought/<uuid:pk>/", tracing.change_sought, name="change_sought"),
    path("people/sought/<uuid:pk>/end/", tracing.close_sought, name="close_sought"),
    path("people/matches/<uuid:pk>/", tracing.settle_match, name="settle_match"),
]

family_urls = [
    path("people/<uuid:pk>/family/", family.family, name="family"),
    path("people/<uuid:pk>/family/join/", family.join_household, name="join_household"),
    path("people/<uuid:pk>/family/leave/", family.leave_household, name="leave_household"),
    path("people/<uuid:pk>/family/lead/", family.lead_household, name="lead_household"),
    path("people/<uuid:pk>/family/relation/", family.relate, name="relate"),
    path("people/<uuid:pk>/family/apart/", family.keep_apart, name="keep_apart"),
    path("relations/<uuid:pk>/end/", family.end_relation, name="end_relation"),
    path("apart/<uuid:pk>/lift/", family.lift_keep_apart, name="lift_keep_apart"),
    path("people/<uuid:pk>/child/", child.child, name="child"),
    path("people/<uuid:pk>/child/care/", child.record_care, name="record_care"),
    path("people/<uuid:pk>/child/guardian/", child.record_guardian, name="record_guardian"),
    path("people/<uuid:pk>/child/step/", child.begin_step, name="begin_step"),
    path("people/<uuid:pk>/child/risk/", child.change_child_risk, name="change_child_risk"),
    path("guardians/<uuid:pk>/end/", child.end_guardian, name="end_guardian"),
    path("guardians/<uuid:pk>/safe/", child.doubt_guardian, name="doubt_guardian"),
    path("steps/<uuid:pk>/", child.finish_step, name="finish_step"),
    path("people/<uuid:pk>/ages/", ages.ages, name="ages"),
    path("people/<uuid:pk>/ages/new/", ages.record_age, name="record_age"),
    path("ages/<uuid:pk>/choose/", ages.choose_age, name="choose_age"),
    path("cases/<uuid:pk>/family/", family.case_family, name="case_family"),
    path("cases/<uuid:pk>/child/", child.case_child, name="case_child"),
]

talking_urls = [
    path("people/<uuid:pk>/talking/", talking.talking, name="talking"),
    path("people/<uuid:pk>/talking/wish/", talking.record_talk_wish, name="record_talk_wish"),
    path(
        "people/<uuid:pk>/talking/contact/",
        talking.record_contact_rule,
        name="record_contact_rule",
    ),
    path("people/<uuid:pk>/talking/told/", talking.mark_do_not_ask, name="mark_do_not_ask"),
    path("told/<uuid:pk>/lift/", talking.lift_do_not_ask, name="lift_do_not_ask"),
    path(
        "people/<uuid:pk>/talking/interpreter/",
        talking.block_interpreter,
        name="block_interpreter",
    ),
    path(
        "interpreter-blocks/<uuid:pk>/lift/",
        talking.lift_interpreter_block,
        name="lift_interpreter_block",
    ),
    path("cases/<uuid:pk>/talking/", talking.case_talking, name="case_talking"),
    path("settings/interpreters/", interpreters.interpreters, name="interpreters"),
    path("settings/interpreters/new/", interpreters.new_interpreter, name="new_interpreter"),
    path(
        "settings/interpreters/<uuid:pk>/",
        interpreters.change_interpreter,
        name="change_interpreter",
    ),
]

case_urls = [
    path("cases/", cases.cases, name="cases"),
    path("cases/<uuid:pk>/", cases.case, name="case"),
    path("cases/<uuid:pk>/timeline/", timeline.timeline, name="timeline"),
    path("cases/<uuid:pk>/notes/", cases.notes, name="notes"),
    path("cases/<uuid:pk>/identity/", cases.show_identity, name="show_identity"),
    path("cases/<uuid:pk>/change/", cases.change_case, name="change_case"),
    path("cases/<uuid:pk>/close/", cases.close_case, name="close_case"),
    path("cases/<uuid:pk>/reopen/", cases.reopen_case, name="reopen_case"),
    path("cases/<uuid:pk>/access/", access.access, name="access"),
    path("cases/<uuid:pk>/access/give/", access.give_access, name="give_access"),
    path("cases/<uuid:pk>/access/end/", access.end_access, name="end_access"),
    path("cases/<uuid:pk>/access/seal/", access.seal_case, name="seal_case"),
    path("cases/<uuid:pk>/access/unseal/", access.unseal_case, name="unseal_case"),
    path("cases/<uuid:pk>/access/close/", access.block_user, name="block_user"),
    path("cases/<uuid:pk>/access/lift/", access.lift_block, name="lift_block"),
    path("cases/<uuid:pk>/access/own/", access.declare_conflict, name="declare_conflict"),
    path("access/cover/", access.cover, name="cover"),
]

task_urls = [
    path("cases/<uuid:pk>/tasks/", tasks.tasks, name="tasks"),
    path("cases/<uuid:pk>/tasks/new/", tasks.new_task, name="new_task"),
    path("tasks/<uuid:pk>/", tasks.task, name="task"),
    path("tasks/<uuid:pk>/change/", tasks.change_task, name="change_task"),
    path("tasks/<uuid:pk>/settle/", tasks.settle_task, name="settle_task"),
]

export_urls = [
    path("cases/print/", printing.print_cases, name="print_cases"),
    path("cases/<uuid:pk>/print/", printing.print_case, name="print_case"),
    path("cases/export/", exports.export_cases, name="export_cases"),
    path("cases/<uuid:pk>/export/", exports.export_case, name="export_case"),
    path("case-files/<uuid:pk>/original/", exports.export_original, name="export_original"),
]

file_urls = [
    path("cases/<uuid:pk>/files/", files.files, name="files"),
    path("case-files/<uuid:pk>/open/", files.open_file, name="open_file"),
    path("case-files/<uuid:pk>/remove/", files.remove_file, name="remove_file"),
]

emergency_urls = [
    path("emergency/", emergency.emergencies, name="emergencies"),
    path("emergency/reviews/", emergency.emergency_reviews, name="emergency_reviews"),
    path("emergency/<uuid:pk>/", emergency.emergency, name="emergency"),
    path("emergency/<uuid:pk>/end/", emergency.end_emergency, name="end_emergency"),
    path("emergency/<uuid:pk>/answer/", emergency.answer_emergency, name="answer_emergency"),
    path("emergency/<uuid:pk>/review/", emergency.review_emergency, name="review_emergency"),
]

consent_urls = [
    path("cases/<uuid:pk>/consents/", consents.consents, name="consents"),
    path("cases/<uuid:pk>/consents/new/", consents.record_consent, name="record_consent"),
    path("people/<uuid:pk>/consents/", consents.person_consents, name="person_consents"),
    path(
        "people/<uuid:pk>/consents/new/",
        consents.record_person_consent,
        name="record_person_consent",
    ),
    path("consents/<uuid:pk>/", consents.consent, name="consent"),
    path("consents/<uuid:pk>/withdraw/", consents.withdraw_consent, name="withdraw_consent"),
    path("wordings/", consent_texts.consent_texts, name="consent_texts"),
    path("wordings/new/", consent_texts.write_consent_text, name="write_consent_text"),
    path("wordings/<uuid:pk>/", consent_texts.consent_text, name="consent_text"),
    path("wordings/<uuid:pk>/print/", consent_texts.print_consent_text, name="print_consent_text"),
    path("cases/<uuid:pk>/statuses/", consents.statuses, name="statuses"),
    path("cases/<uuid:pk>/statuses/new/", consents.record_trafficking_status, name="record_status"),
]

service_urls = [
    path("cases/<uuid:pk>/services/", services.services, name="services"),
    path("cases/<uuid:pk>/services/new/", services.deliver_service, name="deliver_service"),
    path(
        "cases/<uuid:pk>/activities/new/",
        services.start_income_activity,
        name="start_income_activity",
    ),
    path("activities/", services.activities, name="activities"),
    path("activities/<uuid:pk>/", services.income_activity, name="income_activity"),
    path(
        "activities/<uuid:pk>/attend/",
        services.attend_income_activity,
        name="attend_income_activity",
    ),
    path("activities/<uuid:pk>/end/", services.end_income_activity, name="end_income_activity"),
]

urlpatterns = [
    *people_urls,
    *visit_urls,
    *desk_urls,
    *family_urls,
    *tracing_urls,
    *talking_urls,
    *case_urls,
    *task_urls,
    *emergency_urls,
    *file_urls,
    *export_urls,
    *consent_urls,
    *service_urls,
]
