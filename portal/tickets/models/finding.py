"""The words in which tickets are found."""

from django.db import models

from .tickets import Ticket


class TicketWord(models.Model):
    """A word or a pair of Chinese characters that stands in a ticket. `at` is when it was reported: newest first."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "at", "ticket"], name="ticket_word_once")]

    def __str__(self):
        return self.word
