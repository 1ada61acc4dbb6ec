from sarcoma_site.refusing import RefusingCommand


class Command(RefusingCommand):
    help = "Refuses: revisions are kept. The library's command of this name would delete them."
