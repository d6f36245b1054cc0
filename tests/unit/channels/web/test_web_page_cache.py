"""The cache of finished pages: bounded by bytes, the page not asked for longest goes first."""

from oim.channels.web.page_cache import ENTRY_OVERHEAD, PageCache, create_page

BODY = b"x" * 1000
SIZE = len(BODY) + ENTRY_OVERHEAD + 1


def cache_of(*keys: str, room: int = 3) -> PageCache:
    cache = PageCache(room * SIZE)
    for key in keys:
        cache.put(key, create_page([], BODY, None, expires=10), key_bytes=1)
    return cache


def test_the_page_not_asked_for_longest_goes_first() -> None:
    cache = cache_of("a", "b", "c")
    assert cache.get("a", at=1)
    cache.put("d", create_page([], BODY, None, expires=10), key_bytes=1)
    assert [bool(cache.get(key, at=1)) for key in "abcd"] == [True, False, True, True]


def test_memory_stays_bounded_however_many_pages_there_are() -> None:
    cache = cache_of(*(str(number) for number in range(10_000)))
    assert cache.size == 3 * SIZE
    assert cache.get("9999", at=1)


def test_a_page_larger_than_the_cache_is_not_kept() -> None:
    cache = cache_of("a", room=0)
    assert cache.size == 0
    assert cache.get("a", at=1) is None


def test_a_page_that_is_stored_again_counts_once() -> None:
    cache = cache_of("a", "a", "a")
    assert cache.size == SIZE


def test_an_expired_page_is_not_shown() -> None:
    cache = cache_of("a")
    assert cache.get("a", at=9.9)
    assert cache.get("a", at=10) is None


def test_equal_pages_have_equal_tags() -> None:
    assert create_page([], b"a", None, 0).etag == create_page([], b"a", None, 9).etag
    assert create_page([], b"a", None, 0).etag != create_page([], b"b", None, 0).etag
