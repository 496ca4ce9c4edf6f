#include "accounts/member_list.hpp"

#include <gmock/gmock.h>

#include "base/limits.hpp"

namespace movio::accounts {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> read(std::string_view csv) {
    auto list = read_member_list(csv);
    EXPECT_TRUE(list) << list.error().message;
    return list.value_or(std::vector<std::string>());
}

std::string why_not(std::string_view csv) {
    const auto list = read_member_list(csv);
    if (list) return "it was read";
    EXPECT_EQ(list.error().code, ErrorCode::invalid);
    return list.error().message;
}

TEST(MemberList, The_column_is_found_by_its_name) {
    EXPECT_THAT(read("Name,E-Mail,Number\nAda,ada@example.org,1\nEve,eve@example.org,2\n"),
                ElementsAre("ada@example.org", "eve@example.org"));
    for (const std::string name :
         {"email", "EMAIL", "E-mail", "Mail", " e-mail address ", "Email Address", "\"email\""})
        EXPECT_THAT(read("who@example.org," + name + "\nx@example.org,ada@example.org"), ElementsAre("ada@example.org"))
            << name;
    EXPECT_THAT(read("email\n"), ElementsAre()) << "a course of nobody yet";
}

TEST(MemberList, Without_names_the_first_address_tells_the_column) {
    EXPECT_THAT(read("Ada;ada@example.org;a2@example.org\nEve;eve@example.org;e2@example.org"),
                ElementsAre("ada@example.org", "eve@example.org"));
    EXPECT_THAT(read("ada@example.org"), ElementsAre("ada@example.org"));
}

TEST(MemberList, Spreadsheets_write_it_in_many_ways) {
    EXPECT_THAT(read("\xEF\xBB\xBF"
                     "email;name\r\nada@example.org;Ada\r\n\r\n;\r\neve@example.org;Eve"),
                ElementsAre("ada@example.org", "eve@example.org"));
    EXPECT_THAT(read("name\temail\nAda, Byron\t ada@example.org \n"), ElementsAre("ada@example.org"));
    EXPECT_THAT(read("\"Name, first\";email\n\"Byron; \"\"A\"\"\nAda\";\"ada@example.org\"\n"),
                ElementsAre("ada@example.org"));
    EXPECT_THAT(read("email\rada@example.org\reve@example.org\r"), ElementsAre("ada@example.org", "eve@example.org"));
}

TEST(MemberList, Who_stands_in_it_twice_is_one) {
    EXPECT_THAT(read("email\nAda@example.org\neve@example.org\nada@EXAMPLE.org\n"),
                ElementsAre("Ada@example.org", "eve@example.org"));
}

TEST(MemberList, What_is_wrong_is_told_with_its_row) {
    for (const auto* nothing : {"", "\n\n", "name,number\nAda,1\n"})
        EXPECT_THAT(why_not(nothing), HasSubstr("no column 'email'")) << nothing;
    EXPECT_THAT(why_not("email\nada@example.org\nada\n"), HasSubstr("Row 3 of the list: 'ada' is no e-mail address"));
    EXPECT_THAT(why_not("name,email\nAda\n"), HasSubstr("Row 2 of the list has no e-mail address"));
    EXPECT_THAT(why_not("name,email\nAda,\n"), HasSubstr("Row 2 of the list has no e-mail address"));
    EXPECT_THAT(why_not("name,email\n\"Ada,ada@example.org\n"), HasSubstr("Row 2 of the list opens a quote"));
}

TEST(MemberList, More_than_a_group_holds_are_refused) {
    std::string csv = "email\n";
    for (int i = 0; i < limits::kGroupMembersMax; ++i) csv += "u" + std::to_string(i) + "@example.org\n";
    EXPECT_EQ(read(csv).size(), static_cast<std::size_t>(limits::kGroupMembersMax));
    EXPECT_THAT(why_not(csv + "more@example.org\n"), HasSubstr("more than 2000 people"));
    // Columns behind the hundredth are nobody's.
    EXPECT_THAT(why_not("name" + std::string(limits::kMemberListColumnsMax, ',') + "email\n"), HasSubstr("no column"));
}

}  // namespace
}  // namespace movio::accounts
