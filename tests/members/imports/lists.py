"""Takes a file through an import as the pages do, without pages."""

from members.imports import runs


def opened(kind, data):
    """An import whose columns are as the headings suggest."""
    run = runs.open_run(kind, file_name="liste.xlsx", table=runs.read_file(kind, data), by=None)
    if run.columns is None:
        runs.settle_columns(run, runs.suggested_columns(run))
    return run


def planned(kind, data):
    return runs.plan_for(opened(kind, data))


def imported(kind, data):
    """The numbers by state after reading in; fails with the first fault or question."""
    run = opened(kind, data)
    plan = runs.plan_for(run)
    assert not plan.questions
    assert [fault for line in plan.lines for fault in line.faults] == []
    return runs.carry_out(run, expected=plan.fingerprint, by=None)
