"""A body keeps its own profile: drafts, preview, publishing, pictures, history, and who may do none of it."""

from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from core import history, uploads
from core.dates import today
from members import access, privacy, publishing
from members.models import Profile, ProfileDraft, ProfilePicture
from tests.factories import ContactPersonFactory, MunicipalityFactory, ProfileFactory, TopicFactory
from tests.pictures import SVG, picture, upload

pytestmark = pytest.mark.django_db
# session, account, persons, her function; how many versions, which, rows, those before, their topics; the newest
QUERIES = 10


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def profile(town):
    return ProfileFactory(municipality=town, office_name="Stabsstelle Ehrenamt", office_phone="05971 1")


@pytest.fixture
def rosa(client_of, contact):
    return client_of(contact)


@pytest.fixture
def rudi(client_of, colleague):
    return client_of(colleague)


def page(name="own_profile", *values, slug="rheine"):
    return reverse(name, args=[slug, *values])


def typed(client, **changes):
    """What the form sends with these changes: all that it shows, as a browser does."""
    form = client.get(page()).context["form"]
    values = {name: form[name].value() or ([] if name == "topics" else "") for name in form.fields}
    return values | {"seen": form.draft.seen} | changes


def send(client, button, **changes):
    return client.post(page(), typed(client, **changes) | {button: "1"}, follow=True)


def add_picture(client, name="own_picture", **changes):
    values = {"file": upload(), "alt": "Drei Leute pflanzen einen Baum", "credit": "Foto: Rheine", "agreed": "on"}
    return client.post(page(name), values | changes, follow=True)


def public(client=None):
    return (client or Client()).get(reverse("municipality", args=["rheine"])).content.decode()


# --- filling in and publishing --------------------------------------------------------------------------------------


def test_what_is_published_is_public_at_once_with_todays_date(rosa, profile):
    topic = TopicFactory(name="Junges Engagement")
    assert "Neue Anlaufstelle" not in public()
    answer = send(rosa, "publish", office_name="Neue Anlaufstelle", volunteer_card="planned", topics=[topic.pk])
    said = [str(message) for message in get_messages(answer.wsgi_request)] or answer.content.decode()
    assert "Geändert: Anlaufstelle, Ehrenamtskarte NRW, Themen." in str(said)
    for reader in (public(), public(rosa)):
        assert "Neue Anlaufstelle" in reader
        assert "Einführung geplant" in reader
        assert "Junges Engagement" in reader
    profile.refresh_from_db()
    assert profile.confirmed_on == today()
    assert profile.changed_at is not None
    assert not ProfileDraft.objects.exists()


def test_one_publication_is_one_version_with_its_topics(rosa, profile):
    before = profile.history.count()
    send(rosa, "publish", office_name="Neu", topics=[TopicFactory(name="Nachbarschaft").pk])
    assert profile.history.count() == before + 1
    assert profile.history.first().actor_name.startswith("Rosa")


def test_a_body_without_profile_gets_one(rosa, town):
    send(rosa, "publish", summary="Wir sind dabei.", topics=[TopicFactory().pk])
    assert "Wir sind dabei." in public()
    assert Profile.objects.get().topics.count() == 1
    (version,) = Profile.history.all()
    assert (version.history_type, version.topics.count()) == ("+", 1)
    html = rosa.get(page("profile_versions")).content.decode()
    assert "<ins>Wir sind dabei.</ins>" in html
    assert "ohne etwas zu ändern" not in html


def test_the_page_says_what_is_filled_in_and_what_is_missing(rosa, town):
    ProfileFactory(municipality=town, office_name="Stabsstelle")
    html = rosa.get(page()).content.decode()
    assert "2 von 11 Angaben sind ausgefüllt." in html
    assert "Öffentlich fehlt noch: Stelle in der Verwaltung" in html
    assert "Adresse der Strategie" not in html.split("Öffentlich fehlt noch")[1].split("</p>")[0]


def test_what_is_missing_is_said_of_the_public_profile_not_of_the_draft(rosa, town):
    ProfileFactory(municipality=town, office_name="Stabsstelle")
    html = send(rosa, "keep", office_place="Dezernat I").content.decode()
    assert "Öffentlich fehlt noch: Stelle in der Verwaltung" in html


def test_nothing_changed_confirms_the_day_and_tells_nobody(rosa, profile):
    send(rosa, "publish")
    profile.refresh_from_db()
    assert (profile.confirmed_on, profile.changed_at) == (today(), None)


# --- drafts ---------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_not_public_and_there_after_a_new_sign_in(rosa, client_of, contact, profile):
    send(rosa, "keep", office_name="Noch nicht fertig")
    assert "Noch nicht fertig" not in public()
    html = client_of(contact).get(page()).content.decode()
    assert 'value="Noch nicht fertig"' in html
    assert "ist noch nicht veröffentlicht." in html


def test_a_mistake_loses_nothing_even_when_the_window_is_closed(rosa, client_of, contact, profile):
    answer = send(rosa, "publish", office_email="ehrenamt(at)rheine", office_name="Neu")
    assert "Geben Sie eine vollständige E-Mail-Adresse ein" in answer.content.decode()
    html = client_of(contact).get(page()).content.decode()
    assert 'value="ehrenamt(at)rheine"' in html
    assert 'value="Neu"' in html
    assert "ehrenamt(at)" not in public()


def test_the_script_keeps_quietly(rosa, profile):
    answer = rosa.post(page(), typed(rosa, summary="Halber Satz") | {"quietly": "1"})
    assert answer.status_code == 204
    assert ProfileDraft.objects.get().typed["summary"] == ["Halber Satz"]


def test_what_the_script_sends_after_publishing_brings_no_draft_back(rosa, profile):
    before = typed(rosa, summary="Fertig.")
    rosa.post(page(), before | {"publish": "1"})
    assert rosa.post(page(), before | {"quietly": "1"}).status_code == 409
    assert not ProfileDraft.objects.exists()


def test_script_and_button_at_the_same_moment_keep_one_draft(contact, profile):
    person = contact.persons.get()
    one, other = (access.profile_draft_for(person, "rheine") for _ in range(2))
    publishing.keep_draft(one, {"summary": ["Erst das Skript"]})
    publishing.keep_draft(other, {"summary": ["dann der Knopf"]})
    assert ProfileDraft.objects.get().typed == {"summary": ["dann der Knopf"]}


def test_what_is_too_long_is_said_in_words(rosa, profile):
    answer = send(rosa, "publish", summary="x" * 1001).content.decode()
    assert "Kürzen Sie den Text auf höchstens 1000 Zeichen." in answer
    assert "x" * 1001 in answer


def test_a_draft_is_hers_alone(rosa, rudi, profile):
    send(rosa, "keep", summary="Rosas halber Satz")
    assert "Rosas halber Satz" not in rudi.get(page()).content.decode()


def test_a_draft_is_dropped_with_one_press(rosa, profile):
    send(rosa, "keep", summary="Unsinn")
    rosa.post(page("discard_draft"))
    assert "Unsinn" not in rosa.get(page()).content.decode()
    assert "Hier engagieren sich viele." in public()


def test_opening_pages_keeps_nothing(rosa, profile):
    for name in ("own_profile", "profile_preview", "own_picture", "own_crest", "profile_versions"):
        assert rosa.get(page(name)).status_code == 200
    assert not ProfileDraft.objects.exists()


def test_a_draft_is_no_place_to_store_files(rosa, profile):
    rosa.post(page(), typed(rosa, summary="x" * 100_000, mehr="y") | {"quietly": "1"})
    kept = ProfileDraft.objects.get().typed
    assert len(kept["summary"][0]) == 5000
    assert "mehr" not in kept


def test_old_drafts_are_forgotten(rosa, profile):
    send(rosa, "keep", summary="Alt")
    assert privacy.forget_drafts() == 0
    ProfileDraft.objects.update(saved_at=privacy.DRAFTS_KEPT.ago())
    assert privacy.forget_drafts() == 1


# --- So sehen es alle -----------------------------------------------------------------------------------------------


def test_the_preview_is_the_public_page_with_the_draft_in_it(rosa, profile):
    topic = TopicFactory(name="Ländlicher Raum")
    answer = send(rosa, "preview", summary="Ganz neu erzählt.", topics=[topic.pk])
    html = answer.content.decode()
    assert "Vorschau: So sehen es alle." in html
    assert "Ganz neu erzählt." in html
    assert "Ländlicher Raum" in html
    assert "Ganz neu erzählt." not in public()
    rosa.post(page("publish_profile"))
    assert "Ganz neu erzählt." in public()


def test_a_web_address_is_taken_as_people_type_it(rosa, profile):
    send(rosa, "publish", office_website="rheine.de/ehrenamt")
    assert 'href="https://rheine.de/ehrenamt"' in public()


def test_the_preview_shows_of_people_only_what_everybody_sees(rosa, contact, profile):
    function = contact.persons.get().contact_functions.get()
    assert function.person.name in public(rosa)  # in the network
    assert function.person.name not in send(rosa, "preview", summary="Neu").content.decode()


def test_a_draft_with_a_mistake_leads_back_to_it(rosa, profile):
    send(rosa, "keep", strategy_url="kein Link")
    assert "Schreiben Sie die Adresse der Seite" in rosa.get(page("profile_preview"), follow=True).content.decode()
    assert "Schreiben Sie die Adresse" in rosa.post(page("publish_profile"), follow=True).content.decode()


# --- two people -----------------------------------------------------------------------------------------------------


def test_who_publishes_second_is_told_and_nothing_is_lost(rosa, rudi, profile):
    hers, his = typed(rosa, office_phone="05971 22"), typed(rudi, office_name="Rudis Stelle")
    rudi.post(page(), his | {"publish": "1"})
    html = rosa.post(page(), hers | {"publish": "1"}).content.decode()
    assert "Jemand war schneller" in html
    assert "„Stabsstelle Ehrenamt“ wurde „Rudis Stelle“" in html
    assert "05971 22" not in public()
    assert 'value="Rudis Stelle"' in html  # his answer, which she had not touched
    assert 'value="05971 22"' in html
    rosa.post(page("publish_profile"))
    assert "Rudis Stelle" in public()
    assert "05971 22" in public()


def test_of_one_answer_hers_stays_before_her_eyes_and_goes_when_she_publishes_again(rosa, rudi, profile):
    hers, his = typed(rosa, office_name="Rosas Stelle"), typed(rudi, office_name="Rudis Stelle")
    rudi.post(page(), his | {"publish": "1"})
    html = rosa.post(page(), hers | {"publish": "1"}).content.decode()
    assert 'value="Rosas Stelle"' in html
    assert "Rudis Stelle" in public()
    rosa.post(page("publish_profile"))
    assert "Rosas Stelle" in public()


def test_a_confirmation_in_between_is_nothing_to_tell(rosa, profile):
    hers = typed(rosa, office_phone="05971 22")
    profile.confirmed_on = today()
    profile.save()
    assert "Veröffentlicht" in rosa.post(page(), hers | {"publish": "1"}, follow=True).content.decode()


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30, "²"])
def test_a_version_that_is_none_breaks_nothing(rosa, profile, seen):
    assert rosa.post(page(), typed(rosa, seen=seen, office_name="Neu") | {"publish": "1"}).status_code == 302


# --- pictures -------------------------------------------------------------------------------------------------------


def file_of(client, row):
    return client.get(reverse("profile_picture", args=[row.municipality.slug, row.public_id]))


def test_a_picture_is_private_until_published_and_then_everybodys(rosa, rudi, client_of, office, stranger, profile):
    add_picture(rosa)
    row = ProfilePicture.objects.get()
    statuses = [file_of(reader, row).status_code for reader in (Client(), client_of(stranger), rosa, client_of(office))]
    assert statuses == [404, 404, 200, 200]
    assert str(row.public_id) not in public()
    rosa.post(page("publish_profile"))
    answer = file_of(Client(), row)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == {"default-src 'none'", "sandbox"}
    assert answer.headers["Content-Disposition"].startswith("inline")
    html = public()
    assert 'alt="Drei Leute pflanzen einen Baum"' in html
    assert "Foto: Rheine" in html


def test_pictures_of_a_body_that_left_are_private_again(rosa, profile):
    add_picture(rosa)
    rosa.post(page("publish_profile"))
    row = ProfilePicture.objects.get()
    membership = profile.municipality.memberships.get()
    membership.ended_on, membership.end_reason = today().replace(year=today().year - 1), "Ratsbeschluss"
    membership.save()
    assert file_of(Client(), row).status_code == 404


def test_a_picture_of_another_body_is_not_found_under_ones_own(rosa, profile):
    add_picture(rosa)
    rosa.post(page("publish_profile"))
    MunicipalityFactory(slug="bonn")
    row = ProfilePicture.objects.get()
    assert Client().get(reverse("profile_picture", args=["bonn", row.public_id])).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"file": upload(SVG, "wappen.svg")}, "SVG-Dateien können Programme enthalten"),
        ({"file": ""}, "Wählen Sie ein Bild als JPEG, PNG oder WebP."),
        ({"alt": " "}, "Beschreiben Sie, was auf dem Bild zu sehen ist."),
        ({"agreed": ""}, "Bestätigen Sie, dass das Bild veröffentlicht werden darf."),
        ({"file": upload(picture() + bytes(uploads.MAX_BYTES))}, "Es hat mehr als 9 MB."),
    ],
)
def test_what_is_wrong_with_a_picture_is_said_and_nothing_is_stored(rosa, profile, media, changes, sentence):
    assert sentence in add_picture(rosa, **changes).content.decode()
    assert not ProfilePicture.objects.exists()
    assert not list(media.rglob("*.webp"))


class FullDisk(uploads.WholeFiles):
    """Writes to the kernel's full device: its refusal is real."""

    def get_available_name(self, name, max_length=None):
        Path(self.path("voll.webp.part")).symlink_to("/dev/full")
        return "voll.webp"


def test_d4_a_full_disk_is_said_in_german_and_leaves_neither_row_nor_file(rosa, profile, settings, media):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.FullDisk"}}
    answer = add_picture(rosa)
    assert "Das Portal kann gerade keine Dateien speichern." in answer.content.decode()
    assert not ProfilePicture.objects.exists()
    assert [path for path in media.rglob("*") if not path.is_dir()] == []
    assert rosa.get(page()).status_code == 200


def test_words_change_without_a_new_file_and_the_public_ones_stay_until_published(rosa, profile):
    add_picture(rosa)
    rosa.post(page("publish_profile"))
    add_picture(rosa, file="", alt="Drei Freiwillige pflanzen eine Linde")
    assert 'alt="Drei Leute pflanzen einen Baum"' in public()
    rosa.post(page("publish_profile"))
    assert 'alt="Drei Freiwillige pflanzen eine Linde"' in public()


def test_a_file_that_is_gone_is_asked_for_again_and_not_found(rosa, profile, media):
    add_picture(rosa)
    for file in media.rglob("*.webp"):
        file.unlink()
    assert "Wählen Sie die Bilddatei noch einmal aus" in add_picture(rosa, file="").content.decode()
    assert file_of(rosa, ProfilePicture.objects.get()).status_code == 404


def test_a_coat_of_arms_stands_beside_the_name_and_can_be_removed(rosa, profile):
    add_picture(rosa, "own_crest", alt="Wappen von Rheine")
    rosa.post(page("publish_profile"))
    assert 'alt="Wappen von Rheine"' in public()
    rosa.post(page("remove_crest"))
    assert 'alt="Wappen von Rheine"' in public()
    rosa.post(page("publish_profile"))
    assert 'alt="Wappen von Rheine"' not in public()


def test_a_replaced_picture_can_come_back_for_three_months_and_then_goes_with_its_file(
    rosa, profile, media, django_capture_on_commit_callbacks
):
    add_picture(rosa)
    rosa.post(page("publish_profile"))
    version = history.version_of(Profile, profile.pk)
    rosa.post(page("remove_picture"))
    rosa.post(page("publish_profile"))
    assert privacy.forget_pictures() == 0
    rosa.post(page("bring_back_own_profile", version))
    assert 'alt="Drei Leute pflanzen einen Baum"' in public()
    rosa.post(page("remove_picture"))
    rosa.post(page("publish_profile"))
    ProfilePicture.objects.update(unused_since=privacy.PICTURES_KEPT.ago())
    with django_capture_on_commit_callbacks(execute=True):
        assert privacy.forget_pictures() == 1
    assert not list(media.rglob("*.webp"))
    assert rosa.post(page("bring_back_own_profile", version)).status_code == 302
    assert "Drei Leute" not in public()


def test_trying_pictures_leaves_none_behind(rosa, rudi, profile, media, django_capture_on_commit_callbacks):
    def stored():
        return ProfilePicture.objects.count(), len(list(media.rglob("*.webp")))

    with django_capture_on_commit_callbacks(execute=True):
        add_picture(rosa)
        add_picture(rosa, alt="Ein anderes")
        add_picture(rudi)
    assert stored() == (2, 2)  # each has one in the draft
    with django_capture_on_commit_callbacks(execute=True):
        rosa.post(page("remove_picture"))
        rudi.post(page("discard_draft"))
    assert stored() == (0, 0)


def test_what_was_public_once_stays_for_the_history(rosa, profile, django_capture_on_commit_callbacks):
    add_picture(rosa)
    rosa.post(page("publish_profile"))
    with django_capture_on_commit_callbacks(execute=True):
        rosa.post(page("remove_picture"))
        rosa.post(page("publish_profile"))
    assert ProfilePicture.objects.count() == 1


def test_what_the_script_sends_late_brings_no_old_picture_back(rosa, contact, profile):
    add_picture(rosa)
    late = access.profile_draft_for(contact.persons.get(), "rheine")
    add_picture(rosa, alt="Ein anderes")
    publishing.keep_draft(late, {"summary": ["Neu"]})
    draft = ProfileDraft.objects.get()
    assert (draft.picture.alt, draft.typed) == ("Ein anderes", {"summary": ["Neu"]})


def test_two_pictures_stand_side_by_side_where_one_replaced_the_other(rosa, client_of, office, profile):
    add_picture(rosa)
    rosa.post(page("publish_profile"))
    add_picture(rosa, alt="Ein anderes")
    rosa.post(page("publish_profile"))
    old, new = ProfilePicture.objects.order_by("pk")
    for reader, name in ((rosa, "profile_versions"), (client_of(office), "profile_changes")):
        html = reader.get(page(name)).content.decode()
        assert html.count(f'src="{reverse("profile_picture", args=["rheine", old.public_id])}"') == 2  # came, went
        assert html.count(f'src="{reverse("profile_picture", args=["rheine", new.public_id])}"') == 1
        assert "Bildbeschreibung: Ein anderes" in html


# --- history --------------------------------------------------------------------------------------------------------


def test_an_earlier_state_comes_back_topics_included(rosa, profile):
    old, new = TopicFactory(name="Integration"), TopicFactory(name="Nachbarschaft")
    send(rosa, "publish", office_name="Erste Stelle", topics=[old.pk])
    version = history.version_of(Profile, profile.pk)
    send(rosa, "publish", office_name="Zweite Stelle", topics=[new.pk])
    html = rosa.get(page("profile_versions")).content.decode()
    assert "<del>Erste Stelle</del>" in html
    assert "<ins>Zweite Stelle</ins>" in html
    rosa.post(page("bring_back_own_profile", version))
    assert "Erste Stelle" in public()
    assert "Integration" in public()
    assert "Nachbarschaft" not in public()


def test_topics_that_are_gone_stay_away(rosa, profile):
    topic = TopicFactory(name="Integration")
    send(rosa, "publish", topics=[topic.pk])
    version = history.version_of(Profile, profile.pk)
    send(rosa, "publish", topics=[])
    topic.delete()
    assert rosa.post(page("bring_back_own_profile", version)).status_code == 302
    assert "Integration" not in public()


def test_a_version_of_another_body_is_not_found(rosa, profile):
    other = ProfileFactory(summary="Geheim")
    version = history.version_of(Profile, other.pk)
    assert rosa.post(page("bring_back_own_profile", version)).status_code == 404
    with pytest.raises(ValidationError, match="Diesen Stand gibt es nicht"):
        publishing.bring_back(profile, version)


# --- who may not ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["stranger", "office", "visitor"])
def test_a1_of_another_body_nothing_is_seen_and_nothing_done(who, request, client_of, rosa, profile):
    send(rosa, "keep", summary="Rosas Entwurf")
    add_picture(rosa)
    client = client_of(request.getfixturevalue(who))
    expected = 302 if who == "visitor" else 404
    version = history.version_of(Profile, profile.pk)
    gets = [page(name) for name in ("own_profile", "profile_preview", "own_picture", "own_crest", "profile_versions")]
    posts = [page(name) for name in ("publish_profile", "discard_draft", "remove_picture", "remove_crest")]
    posts += [page("bring_back_own_profile", version), *gets[:1], *gets[2:4]]
    assert [client.get(path).status_code for path in gets] == [expected] * len(gets)
    assert [client.post(path, {"publish": "1", "summary": "X"}).status_code for path in posts] == [expected] * len(
        posts
    )
    assert ProfileDraft.objects.get().typed["summary"] == ["Rosas Entwurf"]
    assert "Hier engagieren sich viele." in public()


def test_a10_the_form_takes_no_more_than_it_shows(rosa, profile, stranger):
    other = MunicipalityFactory(slug="musterhausen", member=True)
    send(rosa, "publish", municipality=other.pk, id=99, confirmed_on="1999-01-01", reviewed_at="2099-01-01", picture=1)
    profile.refresh_from_db()
    assert (profile.municipality.slug, profile.confirmed_on, profile.reviewed_at) == ("rheine", today(), None)


def test_who_answers_for_several_bodies_chooses(rosa, contact, town):
    assert rosa.get(reverse("own_profiles")).url == page()
    person = contact.persons.get()
    ContactPersonFactory(
        person=person, municipality=MunicipalityFactory(name="Emsdetten", slug="emsdetten", member=True)
    )
    html = rosa.get(reverse("own_profiles")).content.decode()
    assert page() in html
    assert page(slug="emsdetten") in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_needs_the_same_queries_for_any_number(rosa, profile, count, django_assert_num_queries):
    for number in range(count):
        send(rosa, "publish", office_name=f"Stelle {number}")
    with django_assert_num_queries(QUERIES):
        rosa.get(page("profile_versions"))
