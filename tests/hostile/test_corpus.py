"""The corpus itself."""

from collections import Counter

from tests.hostile import FOLDER, corpus


def test_the_corpus_is_large_and_no_class_of_it_says_the_same_twice():
    assert len(corpus()) >= 600
    for path in FOLDER.glob("*.toml"):
        texts = Counter(one.text for one in corpus(path.stem))
        assert len(texts) >= 15 and max(texts.values()) == 1, path.name
