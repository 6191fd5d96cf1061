"""Column widths come from what stands in the columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_gen.render.pdf.layout.columns import Demand, column_widths

DEMANDS = st.lists(
    st.builds(
        lambda least, more, head, weight: Demand(least, least + more, head, weight),
        st.floats(5, 80),
        st.floats(0, 900),
        st.floats(5, 120),
        st.floats(0.1, 6),
    ),
    min_size=1,
    max_size=8,
)


class TestWidths:
    @given(demands=DEMANDS, width=st.floats(100, 600))
    def test_fill_the_table(self, demands, width):
        """Exactly."""
        widths = column_widths(demands, width)
        assert sum(widths) == pytest.approx(width)
        assert all(share > 0 for share in widths)

    @given(demands=DEMANDS, width=st.floats(100, 600))
    def test_no_value_is_broken_where_all_fit(self, demands, width):
        """Each column holds its widest unbroken piece."""
        if sum(demand.least for demand in demands) <= width:
            for share, demand in zip(column_widths(demands, width), demands, strict=True):
                assert share >= demand.least - 0.01

    @given(demands=DEMANDS, width=st.floats(100, 600))
    def test_nothing_is_broken_where_there_is_room(self, demands, width):
        """Weights only share out what is left."""
        if sum(demand.natural for demand in demands) <= width:
            for share, demand in zip(column_widths(demands, width), demands, strict=True):
                assert share >= demand.natural - 0.01

    def test_a_narrow_column_keeps_its_width_beside_wide_ones(self):
        """A time is not broken so that prose has a line less."""
        demands = [Demand(20, 30, 20, 1), Demand(30, 800, 30, 1), Demand(30, 500, 30, 1)]
        widths = column_widths(demands, 300)
        assert widths[0] == pytest.approx(30)
        assert widths[1] > widths[2]

    def test_columns_give_to_each_other_what_makes_the_table_low(self):
        """One long cell does not starve a column of many."""
        demands = [Demand(20, 900, 20, 1), Demand(20, 300, 20, 1)]
        rows = [(900.0, 100.0), *[(60.0, 300.0)] * 9]
        before, after = column_widths(demands, 400), column_widths(demands, 400, rows)
        assert after[1] > before[1]
        assert sum(after) == pytest.approx(400)

    def test_a_column_of_a_few_words_is_not_squeezed_to_one_word_a_line(self):
        """Beside columns of prose that need the room more."""
        demands = [Demand(30, 120, 30, 1), Demand(40, 1500, 60, 1), Demand(40, 700, 60, 1)]
        assert column_widths(demands, 500, [(120.0, 1500.0, 700.0)])[0] >= 56
