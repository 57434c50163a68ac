"""Forms of the office about an application: a question, a decision."""

from typing import Any

from django import forms

from declarations.models import Answer, Application


class CardForm(forms.Form):
    """Which version of the card the page showed; 0 where none came along."""

    seen = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def clean_seen(self) -> int:
        return self.cleaned_data["seen"] or 0


class QueryForm(CardForm):
    """What the body is asked about one card."""

    use_required_attribute = False  # the field lies folded in its card, where a browser cannot point to it

    comment = forms.CharField(
        label="Ihre Frage",
        max_length=Answer._meta.get_field("comment").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Steht so in der E-Mail an die Kommune.",
        error_messages={
            "required": "Schreiben Sie Ihre Frage. Die Kommune bekommt genau sie per E-Mail.",
            "max_length": "Kürzen Sie die Frage auf höchstens %(limit_value)d Zeichen.",
        },
    )


class DecisionForm(forms.Form):
    """Accepted or refused; only a refusal needs its reason."""

    ACCEPT, REFUSE = "annehmen", "ablehnen"

    deed = forms.ChoiceField(
        choices=[(ACCEPT, "Beitritt annehmen"), (REFUSE, "Beitritt ablehnen")],
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Wählen Sie „Beitritt annehmen“ oder „Beitritt ablehnen“."
        ),
    )
    reason = forms.CharField(
        label="Begründung",
        required=False,
        max_length=Application._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Bei einer Ablehnung liest die Kommune sie in der E-Mail. Bei einer Annahme ist sie freiwillig.",
        error_messages={"max_length": "Kürzen Sie die Begründung auf höchstens %(limit_value)d Zeichen."},
    )

    @property
    def accepts(self) -> bool:
        return self.cleaned_data["deed"] == self.ACCEPT

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("deed") == self.REFUSE and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Begründen Sie die Ablehnung. Die Kommune liest den Grund in der E-Mail.")
        return cleaned
