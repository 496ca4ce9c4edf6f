#include "search/v1_query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "search/iso_time.hpp"

namespace movio::search {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Given = std::vector<std::pair<std::string, std::string>>;

std::optional<V1Query> parsed(const Given& given, const V1Fields& fields = film_fields()) {
    return parse_v1(given, fields).value();
}
std::vector<std::string> terms(const Given& given, const V1Fields& fields = film_fields()) {
    std::vector<std::string> out;
    if (const auto query = parsed(given, fields))
        for (const auto& term : query->terms) out.push_back(term.field + "=" + term.text);
    return out;
}

TEST(V1Query, No_parameter_asks_for_everything) {
    const auto query = parsed({});
    ASSERT_TRUE(query);
    EXPECT_THAT(query->terms, IsEmpty());
    EXPECT_FALSE(query->oldest_first);
    EXPECT_EQ(query->limit, 10);
    EXPECT_TRUE(parsed({{"page", "2"}, {"format", "json"}}));
}

TEST(V1Query, Empty_search_asks_for_nothing) {
    EXPECT_FALSE(parsed({{"search", ""}}));
    EXPECT_FALSE(parsed({{"search", "  "}}));
    EXPECT_FALSE(parsed({{"search", "?!"}}));
    EXPECT_FALSE(parsed({{"search", "title:"}}));
    EXPECT_TRUE(parsed({{"search", ""}, {"search", "word"}}));
}

TEST(V1Query, Words_and_repeated_searches_are_terms_of_their_own) {
    EXPECT_THAT(terms({{"search", "big  bunny"}, {"search", "don't"}}), ElementsAre("=big", "=bunny", "=don't"));
}

TEST(V1Query, Known_field_limits_its_words_and_an_unknown_one_is_text) {
    EXPECT_THAT(terms({{"search", "title:big bunny"}}), ElementsAre("title=big", "title=bunny"));
    EXPECT_THAT(terms({{"search", "description: x"}, {"search", "y"}}), ElementsAre("description=x", "=y"));
    EXPECT_THAT(terms({{"search", "language:en"}}), ElementsAre("=language", "=en"));
    EXPECT_THAT(terms({{"search", "language:en"}}, track_fields()), ElementsAre("language=en"));
    EXPECT_THAT(terms({{"search", "big title:bunny"}}), ElementsAre("=big", "=title", "=bunny"));
    EXPECT_THAT(terms({{"search", "16:9"}}), ElementsAre("=16", "=9"));
}

TEST(V1Query, Ordering_knows_created_at_alone) {
    EXPECT_TRUE(parsed({{"ordering", "created_at"}})->oldest_first);
    EXPECT_FALSE(parsed({{"ordering", "-created_at"}})->oldest_first);
    EXPECT_FALSE(parsed({{"ordering", "title"}})->oldest_first);
    EXPECT_FALSE(parsed({{"ordering", ""}})->oldest_first);
}

TEST(V1Query, Ids_are_divided_by_two_low_lines) {
    const auto query = parsed({{"ids", "01890A5D-AC96-774B-BCCE-B302099A8057__x__01890a5d-ac96-774b-bcce-b302099a8058"},
                               {"ids", "01890a5d-ac96-774b-bcce-b302099a8059"}});
    ASSERT_TRUE(query);
    EXPECT_THAT(query->ids, ElementsAre("01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058",
                                        "01890a5d-ac96-774b-bcce-b302099a8059"));
    EXPECT_FALSE(parsed({{"ids", "x"}}));
    EXPECT_FALSE(parsed({{"ids", ""}}));
}

TEST(V1Query, Times_include_or_leave_out_what_they_name) {
    const auto day = parse_time("2026-03-01").value();
    EXPECT_EQ(parsed({{"created_at__gte", "2026-03-01"}})->created_from_us, day.first_us);
    EXPECT_EQ(parsed({{"created_at__gt", "2026-03-01"}})->created_from_us, day.last_us + 1);
    EXPECT_EQ(parsed({{"created_at__lte", "2026-03-01"}})->created_until_us, day.last_us);
    EXPECT_EQ(parsed({{"created_at__lt", "2026-03-01"}})->created_until_us, day.first_us - 1);
    const auto both = parsed({{"created_at__gte", "2026-02-01"},
                              {"created_at__gt", "2026-03-01"},
                              {"created_at__lt", "2027-01-01"},
                              {"created_at__lte", "2026-12-01"}});
    EXPECT_EQ(both->created_from_us, day.last_us + 1);
    EXPECT_EQ(both->created_until_us, parse_time("2026-12-01")->last_us);
}

TEST(V1Query, Range_is_two_times) {
    const auto query = parsed({{"created_at__range", "2026-03-01__2026-03-02T10:00:00Z"}});
    EXPECT_EQ(query->created_from_us, parse_time("2026-03-01")->first_us);
    EXPECT_EQ(query->created_until_us, parse_time("2026-03-02T10:00:00Z")->last_us);
    EXPECT_FALSE(parsed({{"created_at__range", "2026-03-01"}})->created_until_us);
}

TEST(V1Query, Times_that_cannot_be_read_are_refused_by_name) {
    for (const auto* name :
         {"created_at__gte", "created_at__gt", "created_at__lte", "created_at__lt", "created_at__range"}) {
        const auto refused = parse_v1(Given{{name, "yesterday"}}, film_fields());
        ASSERT_FALSE(refused) << name;
        EXPECT_EQ(refused.error().code, ErrorCode::invalid);
        EXPECT_THAT(refused.error().message, HasSubstr(name));
        EXPECT_THAT(refused.error().message, HasSubstr("yesterday"));
    }
    EXPECT_FALSE(parse_v1(Given{{"created_at__range", "2026__"}}, film_fields()));
    EXPECT_FALSE(parse_v1(Given{{"created_at__range", "2026__2027__2028"}}, film_fields()));
    EXPECT_TRUE(parse_v1(Given{{"created_at__foo", "x"}}, film_fields()));
}

TEST(V1Query, Too_many_words_are_refused) {
    std::string many;
    for (int i = 0; i < 101; ++i) many += "w" + std::to_string(i) + " ";
    EXPECT_EQ(parse_v1(Given{{"search", many}}, film_fields()).error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace movio::search
