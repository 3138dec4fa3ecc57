# Reads JUnit XML by its schema and as test results, and compares what it counts with what it is told.
import json, sys
from lxml import etree
from junitparser import JUnitXml, Failure, Error, Skipped
path, xsd = sys.argv[1:]
schema = etree.XMLSchema(etree.parse(xsd))
schema.assertValid(etree.parse(path))
xml = JUnitXml.fromfile(path)
told = [xml.tests, xml.failures, xml.errors]
suites = list(xml)
told_by_suites = [sum(getattr(suite, name) for suite in suites) for name in ("tests", "failures", "errors", "skipped")]
cases = [case for suite in suites for case in suite]
results = [type(result) for case in cases for result in case.result]
counted = [len(cases), results.count(Failure), results.count(Error), results.count(Skipped)]
assert told == counted[:3], (told, counted)
assert told_by_suites == counted, (told_by_suites, counted)
print(json.dumps({"cases": [case.name for case in cases], "counted": counted}))
