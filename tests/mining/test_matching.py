"""Matching of clusters to registered causes: what must hold for any minings, and what evidence counts."""

from itertools import count

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mining.matching import LEAST_SCORE, Cluster, identify, match, overlap_of, scores_of
from mining.register import RegisteredCause

FEEDBACK = [f"f-{number}" for number in range(12)]
members = st.frozensets(st.sampled_from(FEEDBACK), max_size=8)
cosine = st.one_of(st.just(float("nan")), st.floats(-1, 1))


def cluster(
    key: str, members: frozenset[str] = frozenset(), *, context: str = "", people: int = 6
) -> Cluster:
    return Cluster(
        key=key, context=context, people=people, members=members, embedding=np.ones(2), topics=np.ones(1)
    )


def registered(
    cause_id: str, members: frozenset[str] = frozenset(), *, contexts: tuple[str, ...] = ("",)
) -> RegisteredCause:
    return RegisteredCause(
        id=cause_id,
        contexts=contexts,
        matched=1,
        model="m",
        embedding=np.ones(2),
        topics=np.ones(1),
        members=members,
    )


@st.composite
def minings(draw: st.DrawFn) -> tuple[list[Cluster], list[RegisteredCause], np.ndarray]:
    context = st.sampled_from(["", "book", "bell"])
    clusters = [
        cluster(f"s-{number}", draw(members), context=draw(context), people=draw(st.integers(1, 3)))
        for number in range(draw(st.integers(0, 6)))
    ]
    causes = [
        registered(f"c-{number:04d}", draw(members), contexts=(draw(context),))
        for number in range(1, 1 + draw(st.integers(0, 6)))
    ]
    cosines = [[draw(cosine) for _ in causes] for _ in clusters]
    return clusters, causes, np.array(cosines).reshape(len(clusters), len(causes))


def identified(clusters: list[Cluster], causes: list[RegisteredCause], cosines: np.ndarray) -> dict[str, str]:
    seen = dict.fromkeys(FEEDBACK[:9], (1, 1))
    overlap = overlap_of(clusters, causes, seen, frozenset(FEEDBACK[2:]))
    numbers = count(len(causes) + 1)
    ids = identify(clusters, causes, scores_of(overlap, cosines), lambda: f"c-{next(numbers):04d}")
    return {one.key: cause for one, cause in zip(clusters, ids, strict=True)}


@settings(deadline=None)
@given(minings())
def test_each_cluster_gets_exactly_one_id_and_no_id_serves_twice(
    drawn: tuple[list[Cluster], list[RegisteredCause], np.ndarray],
) -> None:
    clusters, causes, cosines = drawn
    ids = identified(clusters, causes, cosines)
    assert set(ids) == {one.key for one in clusters}
    assert len(set(ids.values())) == len(clusters)
    new = sorted(set(ids.values()) - {cause.id for cause in causes})
    assert new == [f"c-{len(causes) + 1 + number:04d}" for number in range(len(new))]


@settings(deadline=None)
@given(minings(), st.randoms(use_true_random=False))
def test_the_order_of_clusters_and_causes_changes_nothing(drawn, random) -> None:
    clusters, causes, cosines = drawn
    rows, columns = list(range(len(clusters))), list(range(len(causes)))
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = identified(
        [clusters[row] for row in rows],
        [causes[column] for column in columns],
        cosines[np.ix_(rows, columns)].reshape(len(rows), len(columns)),
    )
    assert shuffled == identified(clusters, causes, cosines)


@settings(deadline=None)
@given(minings())
def test_scores_are_shares_and_products_stay_apart(drawn) -> None:
    clusters, causes, cosines = drawn
    overlap = overlap_of(clusters, causes, dict.fromkeys(FEEDBACK, (1, 1)), frozenset(FEEDBACK))
    scores = scores_of(overlap, cosines)
    assert ((scores >= 0) & (scores <= 1)).all()
    for one, cause_id in zip(clusters, match(clusters, causes, scores), strict=True):
        if cause_id is not None:
            (context,) = next(cause for cause in causes if cause.id == cause_id).contexts
            assert "" in (one.context, context) or one.context == context


@settings(deadline=None)
@given(st.lists(members.filter(lambda found: len(found) > 2), max_size=5), st.booleans())
def test_the_same_clusters_again_are_the_same_causes(groups: list[frozenset[str]], same_model: bool) -> None:
    taken: set[str] = set()
    apart = [found for found in groups if not found & taken and not taken.update(found)]
    clusters = [cluster(f"s-{number}", found) for number, found in enumerate(apart)]
    causes = [registered(f"c-{number:04d}", found) for number, found in enumerate(apart)]
    cosines = np.where(same_model, np.eye(len(apart)), np.nan)
    overlap = overlap_of(clusters, causes, dict.fromkeys(FEEDBACK, (1, 1)), frozenset(FEEDBACK))
    assert match(clusters, causes, scores_of(overlap, cosines)) == [cause.id for cause in causes]


def scored(shared: int, of_cluster: int, of_cause: int, cosine: float) -> float:
    ours = frozenset(f"f-{number}" for number in range(of_cluster))
    theirs = frozenset(f"f-{number}" for number in range(of_cluster - shared, of_cluster - shared + of_cause))
    everything = ours | theirs
    overlap = overlap_of(
        [cluster("s", ours)], [registered("c-0001", theirs)], dict.fromkeys(everything, (1, 1)), everything
    )
    return float(scores_of(overlap, np.array([[cosine]]))[0, 0])


def test_members_speak_alone_where_centroids_are_of_another_model() -> None:
    assert scored(60, 80, 80, np.nan) > LEAST_SCORE
    assert scored(20, 80, 80, np.nan) < LEAST_SCORE


def test_centroids_speak_alone_where_no_feedback_is_shared_by_the_minings() -> None:
    overlap = overlap_of(
        [cluster("s", frozenset({"new"}))],
        [registered("c-0001", frozenset({"old"}))],
        {"old": (1, 1)},
        frozenset({"new"}),
    )
    assert scores_of(overlap, np.array([[0.9]]))[0, 0] > LEAST_SCORE
    assert scores_of(overlap, np.array([[0.6]]))[0, 0] < LEAST_SCORE


def test_feedback_that_both_minings_had_and_put_elsewhere_outweighs_a_likeness() -> None:
    assert scored(0, 80, 80, 0.75) < LEAST_SCORE < scored(0, 0, 0, 0.75)


def test_a_single_shared_message_proves_little() -> None:
    assert scored(1, 1, 1, np.nan) <= 0.5 < scored(40, 40, 40, np.nan)


def test_one_sure_match_is_kept_rather_than_two_doubtful_ones() -> None:
    clusters, causes = [cluster("s-0"), cluster("s-1")], [registered("c-0001"), registered("c-0002")]
    scores = np.array([[0.9, 0.5], [0.5, 0.0]])
    assert match(clusters, causes, scores) == ["c-0001", None]


def test_rows_that_came_later_do_not_count_against_a_cause() -> None:
    grown = frozenset(FEEDBACK)
    overlap = overlap_of(
        [cluster("s", grown)],
        [registered("c-0001", frozenset(FEEDBACK[:4]))],
        dict.fromkeys(FEEDBACK[:4], (1, 1)) | {FEEDBACK[5]: (2, 2)},
        grown,
    )
    assert (overlap.shared, overlap.cluster, overlap.cause) == (4, 4, 4)
