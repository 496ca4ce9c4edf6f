#include "base/json.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace movio {
namespace {

TEST(JsonWriter, Nests_and_separates) {
    JsonWriter json;
    json.begin_object();
    json.member("a", 1).member("b", "two").member("c", true).member("none", std::optional<int>());
    json.key("list")
        .begin_array()
        .value(1)
        .value("x")
        .null()
        .begin_object()
        .end_object()
        .begin_array()
        .end_array()
        .end_array();
    json.key("raw").raw(R"({"r":0})").member("last", 0.5);
    json.end_object();
    EXPECT_EQ(json.take(),
              R"({"a":1,"b":"two","c":true,"none":null,"list":[1,"x",null,{},[]],"raw":{"r":0},"last":0.5})");
}

TEST(JsonWriter, Escapes_text_and_replaces_what_is_not_utf8) {
    JsonWriter json;
    json.begin_array().value("\"\\\n\r\t\x01/\x7f").value("\xff").value("é").end_array();
    EXPECT_EQ(json.take(), "[\"\\\"\\\\\\n\\r\\t\\u0001/\x7f\",\"\xef\xbf\xbd\",\"é\"]");
}

TEST(JsonWriter, Names_are_escaped_too) {
    JsonWriter json;
    json.begin_object().member("a\"b", 1).end_object();
    EXPECT_EQ(json.take(), R"({"a\"b":1})");
}

TEST(JsonWriter, Numbers_keep_their_value) {
    JsonWriter json;
    json.begin_array();
    json.value(std::numeric_limits<std::int64_t>::min())
        .value(std::numeric_limits<std::int64_t>::max())
        .value(0.1)
        .value(1e300);
    json.value(std::numeric_limits<double>::infinity()).value(std::numeric_limits<double>::quiet_NaN());
    json.end_array();
    EXPECT_EQ(json.take(), "[-9223372036854775808,9223372036854775807,0.1,1e+300,null,null]");
}

TEST(JsonWriter, Every_text_is_read_back) {
    for (int c = 0; c < 128; ++c) {
        const std::string text(1, static_cast<char>(c));
        JsonWriter json;
        json.begin_array().value(std::string_view(text)).end_array();
        const auto view = JsonView::parse(json.take());
        ASSERT_TRUE(view) << c;
        EXPECT_EQ(view->at(0).text(), text) << c;
    }
}

TEST(JsonView, Reads_members_by_kind) {
    const auto view =
        JsonView::parse(R"({"i":-5,"d":1.5,"t":"x","b":true,"n":null,"a":[1,2],"big":18446744073709551615})");
    ASSERT_TRUE(view);
    EXPECT_TRUE(view->is_object());
    EXPECT_EQ(view->size(), 7U);
    EXPECT_EQ(view->integer_or("i", 0), -5);
    EXPECT_EQ(view->find("i")->number(), -5.0);
    EXPECT_EQ(view->find("d")->number(), 1.5);
    EXPECT_EQ(view->find("d")->integer(), std::nullopt);
    EXPECT_EQ(view->find("big")->integer(), std::nullopt);
    EXPECT_EQ(view->text_or("t", "-"), "x");
    EXPECT_EQ(view->text_or("i", "-"), "-");
    EXPECT_EQ(view->text_or("absent", "-"), "-");
    EXPECT_TRUE(view->boolean_or("b", false));
    EXPECT_TRUE(view->find("n")->is_null());
    EXPECT_EQ(view->find("a")->at(1).integer(), 2);
    EXPECT_EQ(view->name_at(2), "t");
    EXPECT_EQ(view->at(2).text(), "x");
}

TEST(JsonView, Wrong_kinds_give_nothing_and_never_throw) {
    const auto view = JsonView::parse("[1]");
    ASSERT_TRUE(view);
    EXPECT_EQ(view->find("x"), std::nullopt);
    EXPECT_EQ(view->text(), std::nullopt);
    EXPECT_EQ(view->boolean(), std::nullopt);
    EXPECT_EQ(view->number(), std::nullopt);
    EXPECT_EQ(view->name_at(0), "");
    EXPECT_TRUE(view->at(7).is_null());
    EXPECT_TRUE(view->at(0).at(0).is_null());
    EXPECT_EQ(view->at(0).size(), 0U);
}

TEST(JsonView, Stays_alive_after_its_document) {
    std::optional<JsonView> inner;
    {
        const auto view = JsonView::parse(R"({"a":{"b":"c"}})");
        inner = view->find("a");
    }
    EXPECT_EQ(inner->text_or("b", ""), "c");
    EXPECT_EQ(inner->serialize(), R"({"b":"c"})");
}

TEST(JsonView, Refuses_what_is_not_one_value) {
    for (const auto* text : {"", "{", "[1,]", "{\"a\":1} x", "nul", "'a'", "{a:1}", "\"\xff\"", "01"})
        EXPECT_FALSE(JsonView::parse(text)) << text;
    EXPECT_EQ(JsonView::parse("{").error().code, ErrorCode::invalid);
}

TEST(JsonView, Depth_is_bounded) {
    EXPECT_TRUE(JsonView::parse(std::string(32, '[') + std::string(32, ']')));
    EXPECT_FALSE(JsonView::parse(std::string(33, '[') + std::string(33, ']')));
    EXPECT_FALSE(JsonView::parse(std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace movio
