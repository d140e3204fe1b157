"""What the invitations of staff hold about people: names and addresses stand on the invitation itself."""

from accounts.privacy.registry import declare

from .models import PromisedPost, StaffInvitation

declare(StaffInvitation, by="invited_by", plain="invitation administrator")
declare(PromisedPost, plain="id promise role development since until")
