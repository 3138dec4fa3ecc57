# Reads a calendar as a program that shows calendars would, and prints its days.
import json, sys
from icalendar import Calendar
calendar = Calendar.from_ical(open(sys.argv[1], "rb").read())
days = []
for event in calendar.walk("VEVENT"):
    assert not event.errors, event.errors
    alarm, = event.walk("VALARM")
    days.append({
        "uid": str(event["UID"]),
        "day": event.decoded("DTSTART").isoformat(),
        "title": str(event["SUMMARY"]),
        "about": str(event["DESCRIPTION"]),
        "groups": sorted(str(group) for group in event["CATEGORIES"].cats) if "CATEGORIES" in event else [],
        "before": alarm.decoded("TRIGGER").days,
    })
assert not calendar.errors, calendar.errors
print(json.dumps({"name": str(calendar["NAME"]), "version": str(calendar["VERSION"]), "days": days}))
