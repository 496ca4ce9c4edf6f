#include "accounts/fields.hpp"

#include <gtest/gtest.h>

#include "accounts/sign_up.hpp"

// What is expected of single fields is what CharField of Django REST framework 3.18 answers.
namespace movio::accounts {
namespace {

std::string errors_of(const FieldErrors& errors) {
    JsonWriter json;
    errors.write(json);
    return json.take();
}

struct Reading {
    std::optional<std::string> text;
    std::string errors;
};

Reading read(std::string_view value, TextField field = {.name = "f"}) {
    const auto body = JsonView::parse(value.empty() ? "{}" : R"({"f":)" + std::string(value) + "}").value();
    FieldErrors errors;
    auto text = read_text(body, field, errors);
    return {std::move(text), errors_of(errors)};
}

constexpr auto kBlank = R"({"f":["This field may not be blank."]})";
constexpr auto kNotText = R"({"f":["Not a valid string."]})";

TEST(Fields, Missing_null_and_blank_have_their_messages) {
    EXPECT_EQ(read("").errors, R"({"f":["This field is required."]})");
    EXPECT_EQ(read("null").errors, R"({"f":["This field may not be null."]})");
    for (const auto* blank : {R"("")", R"("  ")", R"("\t\n\u00a0\u3000\u001c")"}) {
        EXPECT_EQ(read(blank).errors, kBlank) << blank;
        EXPECT_FALSE(read(blank).text);
    }
    EXPECT_EQ(read(R"("")", {.name = "f", .spaces = Spaces::keep}).errors, kBlank);
    EXPECT_EQ(read(R"("  ")", {.name = "f", .spaces = Spaces::keep}).text, "  ");
}

TEST(Fields, Optional_ones_may_be_missing_null_or_blank) {
    for (const auto* value : {"", "null", R"("")", R"("  ")"}) {
        EXPECT_EQ(read(value, {.name = "f", .required = false}).errors, "{}") << value;
        EXPECT_FALSE(read(value, {.name = "f", .required = false}).text);
    }
    EXPECT_EQ(read("[]", {.name = "f", .required = false}).errors, kNotText);
}

TEST(Fields, Numbers_become_texts_as_Python_writes_them) {
    const std::pair<const char*, const char*> cases[] = {
        {"12", "12"},
        {"-7", "-7"},
        {"0", "0"},
        {"1.5", "1.5"},
        {"1.0", "1.0"},
        {"1e16", "1e+16"},
        {"1e15", "1000000000000000.0"},
        {"0.00001", "1e-05"},
        {"0.0001", "0.0001"},
        {"9223372036854775808", "9223372036854775808"},
        {"0.1", "0.1"},
        {"-0.0", "-0.0"},
    };
    for (const auto& [json, text] : cases) EXPECT_EQ(read(json).text, text) << json;
}

TEST(Fields, What_is_neither_text_nor_number_is_refused) {
    for (const auto* value : {"true", "false", "[]", "{}", R"(["a"])", R"({"a":1})"}) {
        EXPECT_EQ(read(value).errors, kNotText) << value;
        EXPECT_FALSE(read(value).text);
    }
}

TEST(Fields, Spaces_at_the_ends_go_unless_they_are_kept) {
    EXPECT_EQ(read(R"(" \u2003a b\u0085\u001f ")").text, "a b");
    EXPECT_EQ(read(R"("\u200ba")").text, "\u200ba") << "no white space for Python either";
    EXPECT_EQ(read(R"(" a ")", {.name = "f", .spaces = Spaces::keep}).text, " a ");
}

TEST(Fields, Lengths_count_characters_not_bytes) {
    const TextField field{.name = "f", .characters_min = 2, .too_short = "Too short", .characters_max = 3};
    EXPECT_EQ(read(R"("তীস")", field).errors, "{}");
    EXPECT_EQ(read(R"("তীস্")", field).errors, R"({"f":["Ensure this field has no more than 3 characters."]})");
    EXPECT_EQ(read(R"("😀")", field).errors, R"({"f":["Too short"]})");
    EXPECT_EQ(read(R"(" abc ")", field).errors, "{}") << "trimmed first";
}

TEST(Fields, All_that_is_wrong_is_told_in_the_order_of_the_original) {
    EXPECT_EQ(read(R"("abc\u0000d")", {.name = "f", .characters_max = 3}).errors,
              R"({"f":["Ensure this field has no more than 3 characters.","Null characters are not allowed."]})");
}

TEST(Fields, A_body_that_is_no_object_is_named_as_Python_would) {
    const std::pair<const char*, const char*> cases[] = {
        {"[]", "list"}, {R"("a")", "str"}, {"1", "int"}, {"1.5", "float"}, {"true", "bool"}};
    for (const auto& [json, type] : cases) {
        FieldErrors errors;
        EXPECT_FALSE(is_form(JsonView::parse(json).value(), errors));
        EXPECT_EQ(errors_of(errors), R"({"non_field_errors":["Invalid data. Expected a dictionary, but got )" +
                                         std::string(type) + ".\"]}");
    }
    FieldErrors errors;
    EXPECT_FALSE(is_form(JsonView::parse("null").value(), errors));
    EXPECT_EQ(errors_of(errors), R"({"non_field_errors":["No data provided"]})");
}

std::string sign_up_errors(std::string_view changed = "", std::string_view value = "") {
    JsonWriter json;
    json.begin_object();
    const std::pair<std::string_view, std::string_view> fields[] = {
        {"first_name", R"("Ada")"},        {"last_name", R"("Lovelace")"}, {"username", R"("ada")"},
        {"email", R"("ada@example.org")"}, {"password", R"("123456")"},    {"password2", R"("123456")"}};
    for (const auto& [name, ordinary] : fields) {
        if (name != changed)
            json.key(name).raw(ordinary);
        else if (!value.empty())
            json.key(name).raw(value);
    }
    json.end_object();
    return errors_of(read_sign_up(JsonView::parse(json.take()).value(), SignUpRule::password_twice).errors);
}

TEST(SignUp, Every_field_has_its_rules) {
    struct Case {
        const char* field;
        std::string value;
        const char* message;  // empty: it is taken
    };
    const auto text = [](std::size_t length) { return '"' + std::string(length, 'x') + '"'; };
    const Case cases[] = {
        {"first_name", "", "This field is required."},
        {"first_name", text(35), ""},
        {"first_name", text(36), "Ensure this field has no more than 35 characters."},
        {"last_name", "", "This field is required."},
        {"last_name", text(36), "Ensure this field has no more than 35 characters."},
        {"username", "", ""},
        {"username", "null", ""},
        {"username", R"("")", ""},
        {"username", text(15), ""},
        {"username", text(16), "Ensure this field has no more than 15 characters."},
        {"username", R"("a@b")", "User Name must not contain @"},
        {"username", "true", "Not a valid string."},
        {"email", "", "This field is required."},
        {"email", R"("ada")", "Enter a valid email address."},
        {"email", R"(" ada@example.org ")", ""},
        {"password", "", "This field is required."},
        {"password", "null", "This field may not be null."},
        {"password", R"("")", "This field may not be blank."},
        {"password", R"("12345")", "Password must be at least 6 characters"},
        {"password", R"("123456@1")", ""},
        {"password", R"("      ")", ""},
        {"password", text(128), ""},
        {"password", text(129), "Ensure this field has no more than 128 characters."},
        {"password", "123456", ""},
        {"password2", "", "This field is required."},
        {"password2", R"("")", "This field may not be blank."},
        {"password2", "[]", "Not a valid string."},
    };
    for (const auto& [field, value, message] : cases) {
        const auto expected = std::string_view(message).empty()
                                  ? std::string("{}")
                                  : R"({")" + std::string(field) + R"(":[")" + message + R"("]})";
        EXPECT_EQ(sign_up_errors(field, value), expected) << field << " " << value;
    }
}

TEST(SignUp, Nothing_at_all_lacks_everything_that_is_required) {
    const auto form = read_sign_up(JsonView::parse("{}").value(), SignUpRule::password_twice);
    EXPECT_EQ(errors_of(form.errors),
              R"({"first_name":["This field is required."],"last_name":["This field is required."],)"
              R"("email":["This field is required."],"password":["This field is required."],)"
              R"("password2":["This field is required."]})");
}

TEST(SignUp, Passwords_that_differ_are_noted_beside_the_errors) {
    const auto differ = [](std::string_view first, std::string_view second) {
        const auto body = R"({"password":")" + std::string(first) + R"(","password2":")" + std::string(second) + "\"}";
        return read_sign_up(JsonView::parse(body).value(), SignUpRule::password_twice).passwords_differ;
    };
    EXPECT_FALSE(differ("123456", "123456"));
    EXPECT_TRUE(differ("123456", "123457"));
    EXPECT_TRUE(differ("123456", "123456 "));
    EXPECT_TRUE(differ("Abcdef", "abcdef"));
}

TEST(SignUp, An_administrator_needs_an_address_alone_and_may_add_a_phone_number) {
    const auto body = JsonView::parse(R"({"first_name":"","email":"a@b.cd","phone_number":"+44 20"})").value();
    const auto form = read_sign_up(body, SignUpRule::by_admin);
    EXPECT_TRUE(form.errors.empty());
    EXPECT_FALSE(form.values.password);
    EXPECT_EQ(form.values.phone_number, "+44 20");
    EXPECT_FALSE(read_sign_up(body, SignUpRule::password_once).values.phone_number) << "nobody else may";
}

}  // namespace
}  // namespace movio::accounts
