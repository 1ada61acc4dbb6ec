"""The screens on which references come in: from a file, from pasted text, or by their numbers."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse

from basics.exchange.uploads import Upload
from basics.once import once
from references import taking_in
from references.fetching import NotFetched
from references.formats import FORMATS, NotReferences
from references.identifiers import NotAnIdentifier
from references.models import Reference
from references.taking_in import CHOICES, LEAVE, NotTakenIn, Preview

MOST_SHOWN = 500  # records that a person can look through; `import_references` takes more
MOST_BYTES_SHOWN = 2_000_000  # read while somebody waits: a file made to be slow takes some seconds at most
_TABLE = "references.taking_in"


class IncomingForm(forms.Form):
    text = forms.CharField(
        label="Paste records, DOIs or PubMed numbers",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField", "spellcheck": "false"}),
        help_text="RIS, PubMed’s NBIB or XML, BibTeX or CSL-JSON; or up to ten DOIs or PubMed numbers, which are looked up.",
    )
    file = forms.FileField(
        label="Or choose a file",
        required=False,
        help_text="As Zotero, EndNote, Mendeley, PubMed and publishers export it; at most 2 MB.",
        widget=forms.FileInput(attrs={"accept": ",".join([*(one.ending for one in FORMATS.values()), ".txt"])}),
    )

    def clean(self):
        data = super().clean()
        if bool(data.get("text", "").strip()) == bool(data.get("file")):
            raise forms.ValidationError("Paste something, or choose a file: one of the two.")
        if data.get("file") and data["file"].size > MOST_BYTES_SHOWN:
            raise forms.ValidationError(
                "The file has more than 2 MB. Export it in smaller ones, or bring it in with the command import_references."
            )
        return data

    def incoming(self) -> tuple[bytes, str]:
        """What came, and under which name. Numbers are looked up. Raises what the look-up raises."""
        if file := self.cleaned_data.get("file"):
            return file.read(), file.name
        return looked_up(self.cleaned_data["text"]).encode("utf-8", "replace"), "pasted text"


def looked_up(text: str) -> str:
    """Pasted text; where it is nothing but numbers, the records that the registers have of them."""
    numbers = taking_in.numbers_in(text)
    return taking_in.asked_for(numbers, site=settings.SITE_URL) if numbers else text


class IncomingAdmin:
    """A part of the desk of references."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("take-in/", view(self.take_in), name="references_reference_take_in"),
            path("take-in/confirm/", view(self.confirm), name="references_reference_confirm"),
            path("cite/add/", view(self.cite_new), name="references_reference_cite_new"),
            *super().get_urls(),
        ]

    def _may_take_in(self, request) -> None:
        rights = (self.has_import_permission, self.has_add_permission, self.has_change_permission)
        if not all(may(request) for may in rights):
            raise PermissionDenied

    def take_in(self, request):
        """Show what a file or a pasted text would bring. Nothing is changed."""
        self._may_take_in(request)
        form = IncomingForm(request.POST or None, request.FILES or None)
        context: dict = {"form": form}
        if form.is_valid():
            try:
                content, name = form.incoming()
                context |= self._shown(request, content, name)
            except NotTakenIn as problem:
                context["said"] = problem.sentences
            except (NotReferences, NotFetched, NotAnIdentifier) as problem:
                context["said"] = [str(problem)]
        return self._page(request, context)

    def _shown(self, request, content: bytes, name: str) -> dict:
        preview = taking_in.preview(content, name)
        if preview.problems:
            return {"said": preview.problems}
        if len(preview.candidates) > MOST_SHOWN:
            raise NotReferences(
                f"There are {len(preview.candidates):,} records here, more than anybody looks through. Bring them in with "
                "the command import_references, or in smaller files."
            )
        upload = Upload.keep(user=request.user, table=_TABLE, file_name=name, content=content, seen=preview.seen)
        return self._offered(preview, upload)

    @staticmethod
    def _offered(preview: Preview, upload: Upload) -> dict:
        return {
            "preview": preview,
            "format": FORMATS[preview.format].label,
            "upload": upload,
            "choices": CHOICES.items(),
            "usual": LEAVE,
        }

    def confirm(self, request):
        """Keep what was shown: wholly, or not at all, and once."""
        return once(request, lambda: self._confirm(request))

    def _confirm(self, request):
        self._may_take_in(request)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:references_reference_take_in"))
        try:
            with transaction.atomic():
                upload = Upload.taken(user=request.user, table=_TABLE, key=request.POST.get("upload", ""))
                if upload is None:
                    raise NotTakenIn(
                        ["This preview is no longer there: it is kept for one hour and used once. Begin anew."]
                    )
                done = taking_in.take_in(
                    bytes(upload.content),
                    by=request.user,
                    because=f"Taken in from {upload.file_name} (SHA-256 {upload.digest})",
                    name=upload.file_name,
                    choices={name.removeprefix("choice-"): request.POST[name] for name in request.POST},
                    expected=upload.seen,
                )
        except NotTakenIn as problem:
            return self._page(request, {"form": IncomingForm(), "said": problem.sentences}, status=409)
        messages.success(
            request, f"{done['new']} new, {done['changed']} changed, {done['left']} left as they were. Cite them now."
        )
        return HttpResponseRedirect(reverse("admin:references_reference_changelist"))

    def cite_new(self, request):
        """One source that is not in the library yet, for the box in which an editor cites. Answers as `cite` does."""
        self._may_take_in(request)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:references_reference_take_in"))
        try:
            text = looked_up(request.POST.get("text", "")[:MOST_BYTES_SHOWN])
            preview = taking_in.preview(text)
            if len(preview.candidates) > 1:
                raise NotTakenIn(["These are several records. Paste the one that you want to cite."])
            if not preview.candidates and not preview.problems:
                raise NotTakenIn(["There is no record in this. Paste one as a reference manager or PubMed gives it."])
            taking_in.take_in(text, by=request.user, because="Added while citing it", expected=preview.seen)
        except NotTakenIn as problem:
            return JsonResponse({"said": problem.sentences}, status=422)
        except (NotReferences, NotFetched, NotAnIdentifier) as problem:
            return JsonResponse({"said": [str(problem)]}, status=422)
        reference = Reference.objects.get(key=preview.candidates[0].source.key)
        return JsonResponse({"references": [as_choice(reference)]})

    def _page(self, request, context: dict, status: int | None = None):
        context = {
            **self.admin_site.each_context(request),
            "title": "Bring references in",
            "opts": self.opts,
            **context,
        }
        if status is None:
            status = 422 if context.get("said") or context["form"].errors else 200
        return render(request, "admin/references/take_in.html", context, status=status)


def as_choice(reference: Reference) -> dict[str, str]:
    """A reference as the citing box shows it."""
    return {"key": reference.key, "title": reference.title, "year": reference.issued[:4], "pk": str(reference.pk)}
