import pytest

pytestmark = pytest.mark.django_db


def test_a(worker, loader, child, other_child):
    for c, p in (
        (worker, "/people/me"),
        (worker, "/health"),
        (worker, f"/children/{child.uid}"),
        (worker, f"/children/{other_child.uid}"),
        (worker, "/search?q=Rosalind"),
        (worker, f"/children/{child.uid}/looks"),
        (loader, "/loads"),
        (worker, "/kinds?limit=2"),
        (worker, "/nowhere"),
        (worker, "/kinds/placement"),
        (worker, "/openapi.json"),
        (worker, "/docs"),
    ):
        r = c.get(p)
        print(p, r.status_code, r.headers.get("X-Trace-Id"), r.content[:900])
    r = worker.post(
        f"/children/{child.uid}/facts",
        {
            "kind": "missing",
            "values": {"missing_type": "M"},
            "valid_from": "2026-01-02",
            "because": "told by the carer",
        },
        **{"Idempotency-Key": "k1", "X-On-Behalf-Of": "sam.okoro"},
    )
    print(r.status_code, r.content, r.headers)
    r = loader.feed(
        [
            {
                "la_child_id": "F1",
                "child_details": {"first_name": "Ann", "surname": "Other", "date_of_birth": "2015-01-01", "sex": "F"},
            }
        ]
    )
    print(r.status_code, r.content)
    r = loader.get("/loads")
    print(r.status_code, r.content)
