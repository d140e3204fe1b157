"""Owners' questions move to an app of their own: here their tables are renamed, there they are described.

See questions.0001. The word enquiry is free again for somebody who asks for work before there is a contract.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterModelTable("enquiry", "questions_question"),
                migrations.AlterModelTable("reply", "questions_reply"),
            ],
            state_operations=[migrations.DeleteModel("Reply"), migrations.DeleteModel("Enquiry")],
        ),
    ]
