"""What a validation found, and how it is shown: text, JSON, JUnit."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from xml.etree import ElementTree

UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters and bidirectional overrides: a dataset must not move the cursor or reorder a line."""


def escaped(text: str) -> str:
    """Return the text with everything that could act on a terminal or break XML written as an escape."""
    return UNSAFE.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


@dataclass(frozen=True)
class Finding:
    """One failure: the table, the file (relative to the snapshot), the row or key, the rule, what is wrong."""

    rule: str
    message: str
    table: str | None = None
    file: str | None = None
    row: str | None = None
    count: int = 1
    """How many rows of the table break the rule; the report shows some of them."""

    def place(self) -> str:
        """Return table, file and row in one text."""
        return " ".join(part for part in (self.table, self.file, self.row) if part) or "dataset"


@dataclass(frozen=True)
class Report:
    """All findings about one dataset, and the rules that were put to it."""

    dataset: str
    findings: tuple[Finding, ...]
    rules: tuple[str, ...]
    rows: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def at(self, address: str) -> Report:
        """Return the report of a copy under the address of what was copied."""
        findings = (
            replace(found, message=found.message.replace(self.dataset, address)) for found in self.findings
        )
        return replace(self, dataset=address, findings=tuple(findings))

    def text(self, limit: int = 200) -> str:
        """Return the report for people, at most `limit` findings; control characters are escaped."""
        lines = [_line(finding) for finding in self.findings[:limit]]
        if len(self.findings) > limit:
            lines.append(f"… and {len(self.findings) - limit} more (--format json shows all)")
        if self.ok:
            lines.append(f"{escaped(self.dataset)}: sound ({len(self.rules)} rules, {self.rows} rows)")
        else:
            broken = len({(finding.table, finding.rule) for finding in self.findings})
            lines.append(f"{escaped(self.dataset)}: {len(self.findings)} failure(s) of {broken} rule(s)")
        return "\n".join(lines)

    def json(self) -> str:
        """Return the report as JSON: `dataset`, `ok`, `rows`, `rules`, `findings`."""
        content = {
            "dataset": self.dataset,
            "ok": self.ok,
            "rows": self.rows,
            "rules": list(self.rules),
            "findings": [asdict(finding) for finding in self.findings],
        }
        return json.dumps(content, indent=2, sort_keys=True)  # ASCII only, so escaped by itself

    def junit(self) -> str:
        """Return the report as JUnit XML: one test case a rule, failed when it has findings."""
        by_rule: dict[str, list[Finding]] = {rule: [] for rule in self.rules}
        for finding in self.findings:
            by_rule.setdefault(finding.rule, []).append(finding)
        failed = sum(bool(findings) for findings in by_rule.values())
        suite = ElementTree.Element(
            "testsuite",
            name="byline validate",
            tests=str(len(by_rule)),
            failures=str(failed),
            errors="0",
            skipped="0",
        )
        for rule, findings in by_rule.items():
            case = ElementTree.SubElement(suite, "testcase", classname="byline.validate", name=rule)
            if findings:
                body = "\n".join(_line(finding) for finding in findings)
                failure = ElementTree.SubElement(case, "failure", message=f"{len(findings)} failure(s)")
                failure.text = body
        return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _line(finding: Finding) -> str:
    more = f" [{finding.count} rows in all]" if finding.count > 1 else ""
    return escaped(f"{finding.place()}: {finding.rule}: {finding.message}{more}")
