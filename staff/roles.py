"""The roles, in one table. Groups and their permissions are brought in step with it after every migrate."""

from dataclasses import dataclass, field

WORKING_COPIES = ("drugs", "references")
EVERYTHING = ("drugs", "references", "editions")


@dataclass(frozen=True)
class Role:
    """What a group of people may do: `verbs` on every model of `apps`, and single `permissions`."""

    name: str
    verbs: dict[str, tuple[str, ...]] = field(default_factory=dict)  # app label → verbs
    permissions: tuple[str, ...] = ()  # "app.codename"


def _may(apps: tuple[str, ...], *verbs: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(apps, verbs)


ROLES = (
    Role(
        "Author",
        _may(WORKING_COPIES, "view", "add", "change", "delete", "import", "export") | _may(("editions",), "view"),
        ("editions.submit_edition", "editions.put_away_search"),
    ),
    Role(
        "Clinical reviewer",
        _may(WORKING_COPIES, "view", "export") | _may(("editions",), "view"),
        (
            "editions.review_edition",
            "editions.invite_reviewer",
            "editions.resolve_flag",
            "editions.put_away_search",
            "editions.triage_feedback",
        ),
    ),
    Role(
        "Publisher",
        _may(WORKING_COPIES, "view", "export") | _may(("editions",), "view"),
        (
            "editions.publish_edition",
            "editions.invite_reviewer",
            "editions.correct_note",
            "editions.publish_urgently",
            "editions.withdraw_page",
            "editions.move_page",
            "editions.mark_source",
            "editions.tell_doubt",
            "editions.care_for_page",
            "editions.resolve_flag",
            "editions.put_away_search",
            "editions.triage_feedback",
        ),
    ),
    Role(
        "Administrator",
        _may(EVERYTHING, "view"),
        (
            "staff.view_user",
            "staff.add_user",
            "staff.change_user",
            "auth.view_group",
            "editions.carry_over",
            "editions.remove_name",
        ),
    ),
)


def bring_in_step() -> None:
    """Make the groups and give each exactly the permissions of its role. Safe to run at any time."""
    from django.contrib.auth.models import Group, Permission

    held = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role in ROLES:
        wanted = {
            name
            for name in held
            for app, verbs in role.verbs.items()
            if name.startswith(tuple(f"{app}.{verb}_" for verb in verbs))
            and ("_historical" not in name or ".view_" in name)  # revisions are read, never written by hand
        }
        group, _ = Group.objects.get_or_create(name=role.name)
        group.permissions.set([held[name] for name in sorted(wanted.union(role.permissions)) if name in held])
