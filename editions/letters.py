"""The letters that reviewers get, of the staff and from outside."""

from basics.letters import address, send


def ask_for_review(asked) -> bool:
    return send(
        "ask_for_review",
        to=[asked.reviewer.email],
        subject=f"Please review: {asked.edition.page}",
        asked=asked,
        link=address("admin:editions_edition_change", asked.edition_id),
    )


def invite(invitation, token: str) -> bool:
    return send(
        "invite",
        to=[invitation.email],
        subject="Would you review a page for patients?",
        invitation=invitation,
        page=invitation.edition.page.kind_of_page.title(invitation.edition.content),
        link=address("editions:review-by-invitation", token),
    )
