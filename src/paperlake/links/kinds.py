"""What kind of place a host is: the one table that tells a project page from a paper, a video or a shortener.

The rule, first match wins:

1. a host we know by name, or a host under it (`export.arxiv.org`), is what the table says;
2. a host that only dresses up as a code or paper host (`github.com.evil.example`, `mygithub.example`) is `other`;
3. a self-hosted GitLab (`gitlab.kettle.example`) is `gitlab`, another forge (`gitea.kettle.example`) is `other`;
4. a bare number (`10.0.0.1`) is `other`;
5. anything else is a `project_page`: whoever gives a paper a site of its own means it as the paper's page.

So `other` means: known to be a paper, document, data, video or forum host, or code that lies outside GitHub, GitLab
and Bitbucket.
"""

import re

_HOSTS_OF_KIND = {
    "gist": "gist.github.com gist.githubusercontent.com",
    "github_other": "github.com githubusercontent.com github.dev",
    "github_pages": "github.io",
    "gitlab": "gitlab.com framagit.org salsa.debian.org",
    "bitbucket": "bitbucket.org",
    "hugging_face": "huggingface.co hf.co hf.space",
    "arxiv": "arxiv.org",
    "doi": "doi.org",
    "project_page": "gitlab.io bitbucket.io sites.google.com",
    "shortener": (
        "aka.ms bit.do bit.ly bitly.com buff.ly cutt.ly dub.sh g.co git.io goo.gl is.gd lnkd.in ow.ly rb.gy rebrand.ly "
        "s.id shorturl.at t.co t.ly tiny.cc tinyurl.com tny.im urlz.fr v.gd w3id.org"
    ),
    "other": (
        # Papers.
        "aaai.org aclanthology.org aclweb.org acm.org alphaxiv.org biorxiv.org chemrxiv.org cvf.com ieee.org ijcai.org "
        "isca-speech.org jmlr.org mdpi.com medrxiv.org mlr.press nature.com neurips.cc openreview.net "
        "paperswithcode.com plos.org pubmed.ncbi.nlm.nih.gov researchgate.net sciencedirect.com semanticscholar.org "
        "springer.com ssrn.com thecvf.com usenix.org wiley.com "
        # Documents, data, and code elsewhere.
        "anonymous.4open.science archive.org box.com codeberg.org codeocean.com codesandbox.io "
        "colab.research.google.com console.paperspace.com crates.io deepwiki.com dev.azure.com docs.google.com "
        "drive.google.com dropbox.com figshare.com ghcr.io ghe.com gitcode.com gitee.com gitingest.com "
        "gitlink.org.cn gitmcp.io hf-mirror.com hub.docker.com jsdelivr.net kaggle.com launchpad.net modelscope.cn "
        "mybinder.org nbviewer.ipython.org nbviewer.jupyter.org nbviewer.org notabug.org npmjs.com onedrive.live.com "
        "osf.io pagure.io pan.baidu.com pypi.org raw.githack.com rawcdn.githack.com rawgit.com replicate.com "
        "savannah.gnu.org sourceforge.net sr.ht stackblitz.com statically.io studiolab.sagemaker.aws vscode.dev "
        "wandb.ai zenodo.org "
        # Video, forums, news.
        "bilibili.com discord.com discord.gg facebook.com instagram.com linkedin.com mastodon.social medium.com "
        "reddit.com slack.com stackexchange.com stackoverflow.com substack.com t.me tiktok.com twitter.com vimeo.com "
        "weibo.com wikipedia.org x.com youtu.be youtube.com zhihu.com"
    ),
}
_KIND_OF_HOST = {host: kind for kind, hosts in _HOSTS_OF_KIND.items() for host in hosts.split()}
# The bare suffix belongs to nobody: `https://github.io` is the service's own front page.
_PAGE_SUFFIXES = frozenset({"github.io", "gitlab.io", "bitbucket.io", "hf.space"})

# The hosts that are believed without a scheme, as a pattern; most only with something behind the slash.
BARE_HOST = (
    r"(?:www\.)?(?:(?:(?:gist|api|codeload|raw|m)\.)?github\.com|(?:raw|gist|media)\.githubusercontent\.com|github\.dev|"
    r"huggingface\.co|hf\.co|(?:export\.)?arxiv\.org|gitlab\.com|bitbucket\.org|(?:dx\.)?doi\.org|sites\.google\.com|"
    r"youtu\.be|anonymous\.4open\.science)"
    r"\.?(?::\d{1,5})?/+[\w@%~-]|"
    r"(?:(?:colab\.research\.google\.com|nbviewer\.org|nbviewer\.jupyter\.org|vscode\.dev)/github|cdn\.jsdelivr\.net/gh|"
    r"mybinder\.org/v2/gh)/[\w-]|"
    r"[a-z\d](?<![\u2010-\u2015\u2212\ufe58\ufe63\uff0d].)[a-z\d-]*\.git(?:hub|lab)\.io(?![\w-]|\.(?-i:[a-z\d]))"
)
# In lower case: a text with none of these holds no address of such a host, nor any other.
ADDRESS_MARKS = (
    "://",
    ":\\/",
    "：/",
    "／",
    "．",
    "www.",
    "git@",
    "github.",
    "github:",
    "/github/",
    "/gh/",
    "githubusercontent.com",
    "gitlab.",
    "huggingface.co",
    "hf.co",
    "arxiv.org",
    "bitbucket.org",
    "doi.org",
    "sites.google.com",
    "youtu.be",
    "anonymous.4open.science",
)

_LOOK_ALIKE = re.compile(r"github|huggingface|(?:^|\.)(?:gitlab\.com|bitbucket\.org|arxiv\.org|doi\.org)\.")
_KIND_OF_FORGE = {"gitlab": "gitlab", "git": "other", "gitea": "other", "forgejo": "other", "cgit": "other"}
_NUMBER = re.compile(r"[\d.]+")


def host_kind(host: str) -> str:
    """The kind of link that a host in lower case stands for.

    >>> host_kind("export.arxiv.org"), host_kind("kettle-lab.github.io")
    ('arxiv', 'github_pages')
    >>> host_kind("github.com.evil.example"), host_kind("dripnet.example.org")
    ('other', 'project_page')
    """
    if host in _PAGE_SUFFIXES:
        return "other"
    labels = host.split(".")
    for first in range(len(labels) - 1):
        kind = _KIND_OF_HOST.get(".".join(labels[first:]))
        if kind:
            return kind
    if _LOOK_ALIKE.search(host) or _NUMBER.fullmatch(host):
        return "other"
    return _KIND_OF_FORGE.get(labels[0], "project_page")
