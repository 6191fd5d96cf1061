"""Claim readiness: monitored minutes, the lines they support, and every open question with its rule and source."""

from report_gen.claim.assess import assess
from report_gen.claim.model import Assessment
from report_gen.claim.practice.profile import Profile, load_profile

__all__ = ["Assessment", "Profile", "assess", "load_profile"]
