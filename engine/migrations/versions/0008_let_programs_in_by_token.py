"""Let programs in: by a token in somebody's name, or with an account that is nobody's."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ROLES = "role IN ('perancang', 'pengawas', 'admin', 'sistem')"


def upgrade() -> None:
    op.create_table(
        "token",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=60), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_token_hash")),
    )
    op.create_index("ix_token_person_id", "token", ["person_id"])
    op.add_column(
        "person",
        sa.Column("is_system", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _let_systems_have_grants()


def _let_systems_have_grants() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_grant_role"), "grant", type_="check")
        op.create_check_constraint(op.f("ck_grant_role"), "grant", ROLES)
        return
    # SQLite changes no constraint: the table is written anew.
    with op.batch_alter_table("grant", copy_from=_grant(), recreate="always"):
        pass


def _grant() -> sa.Table:
    return sa.Table(
        "grant",
        sa.MetaData(),
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("office_id", ID, nullable=True),
        sa.Column("kabupaten", sa.String(length=120), nullable=True),
        sa.CheckConstraint(
            "role <> 'pengawas' OR kabupaten IS NOT NULL", name=op.f("ck_grant_pengawas")
        ),
        sa.CheckConstraint(
            "role <> 'perancang' OR office_id IS NOT NULL", name=op.f("ck_grant_perancang")
        ),
        sa.CheckConstraint(ROLES, name=op.f("ck_grant_role")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_grant_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_grant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.Index("ix_grant_person_id", "person_id"),
    )
