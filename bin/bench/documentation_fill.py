"""Makes a documentation of about so many pages: 90 participants and ten photos of 12 megapixels.

`python -m bin.bench.documentation_fill 40` fills an empty database. Prints as JSON where the tasks of both ways lie,
and how many milliseconds a photo took to be taken in.
"""

import datetime
import io
import json
import sys
import time

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from PIL import Image  # noqa: E402

from core import pdf  # noqa: E402
from core.dates import today  # noqa: E402
from core.pictures import read_picture  # noqa: E402
from meetings import actions, documenting, editions, planning, releasing  # noqa: E402
from meetings.models import AgendaItem, Consent, Meeting, Photo  # noqa: E402
from members.models import Person  # noqa: E402
from users.models import User  # noqa: E402

PHOTOS, PARTICIPANTS, MEGAPIXELS = 10, 90, (4000, 3000)
SENTENCE = (
    "Die Gruppe sammelte, was vor Ort schon gelingt, ordnete es nach Aufwand und sprach über die nächsten Schritte. "
)
# Pages that are no chapter: cover, contents, programme, participants.
OTHERS = 5


def main(pages: int) -> None:
    call_command("migrate", verbosity=0)
    user = User.objects.create(email="bench@netzwerk.example")
    meeting = Meeting(kind="network", audience="members", title="Netzwerktreffen", day=today() - datetime.timedelta(7))
    planning.save(meeting)
    planning.announce(meeting)
    for number in range(PARTICIPANTS):
        person = Person.objects.create(
            first_name="Rosa", last_name=f"Beispiel-{number}", email=f"p{number}@stadt.example"
        )
        details = actions.Details(is_listed=True)
        actions.check_in(actions.register(meeting, person=person, mode="on_site", by_staff=True, details=details))
    spent = [_chapter(meeting, user, number) for number in range((pages - OTHERS) // 2)]
    builds = {build.edition: build for build in releasing.order(meeting.documentation, by=user)}
    portal, ready = _task(builds["internal"], ready=False), _task(builds["internal"], ready=True)
    uploads = [milliseconds for milliseconds in spent if milliseconds]
    print(json.dumps({"portal": portal, "weasyprint": ready, "upload": sum(uploads) / len(uploads)}))


def _chapter(meeting: Meeting, user: User, number: int) -> float:
    """Two pages; return how many milliseconds its photo took, 0 without one."""
    begin = datetime.time(8 + number // 6, number % 6 * 10)
    item = AgendaItem.objects.create(meeting=meeting, begin_time=begin, title=f"Thema {number + 1}")
    with_photo = number < PHOTOS
    paragraphs = [SENTENCE * 4] * (6 if with_photo else 9)
    values = {"summary": "\n\n".join(paragraphs), "results": f"- {SENTENCE}\n" * 6}
    documenting.save_chapter(item, values, seen=0, reader=user)
    if not with_photo:
        return 0
    sent = _photo(number)
    started = time.perf_counter()
    words = {"alt": "Eine Wand voller Karten", "credit": "Foto: Probe", "consent": Consent.PUBLIC, "item": item}
    documenting.add_photo(meeting, read_picture(sent), words)
    return 1000 * (time.perf_counter() - started)


def _photo(number: int) -> bytes:
    """Noise over a gradient: as hard to compress as foliage."""
    noise = Image.effect_noise((1000, 750), 60).resize(MEGAPIXELS)
    image = Image.merge("RGB", (noise, Image.linear_gradient("L").resize(MEGAPIXELS), noise.rotate(180)))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


def _task(build: releasing.Build, *, ready: bool) -> str:
    """Write what a child is asked to do, and return the file's name. ready: with JPEG of 1,600 pixels."""
    html, files = editions.for_paper(build)
    if ready:
        for photo in Photo.objects.all():
            name = f"{photo.print_file.name}-1600.jpg"
            with Image.open(photo.file.path) as image:
                image.convert("RGB").save(settings.MEDIA_ROOT / name, quality=85)
            html = html.replace(photo.print_file.name, name)
            files.append(name)
    path = settings.DATA_DIR / f"task-{ready}.json"
    path.write_bytes(pdf.task_of(html, files))
    return str(path)


main(int(sys.argv[1]))
