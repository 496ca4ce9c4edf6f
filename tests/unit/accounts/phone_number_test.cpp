#include "accounts/phone_number.hpp"

#include <gtest/gtest.h>

namespace movio::accounts {
namespace {

TEST(PhoneNumber, In_international_form_stays) {
    for (const auto* number : {"+4930123456", "+14155552671", "+1234567", "+123456789012345"})
        EXPECT_EQ(e164_number(number), number);
}

TEST(PhoneNumber, Spaces_dashes_and_brackets_are_taken_out) {
    EXPECT_EQ(e164_number(" +1 (415) 555-2671 "), "+14155552671");
    EXPECT_EQ(e164_number("+49-30\t[123] 456"), "+4930123456");
    EXPECT_EQ(e164_number("+49\u00a030\u202f123\u2011456"), "+4930123456") << "no-break space and hyphen";
    EXPECT_EQ(e164_number("+49 30 \u2013 123456"), "+4930123456") << "en dash";
}

TEST(PhoneNumber, What_is_none_is_refused) {
    for (const auto* number : {"", "+", "4930123456", "004930123456", "+0930123456", "+123456", "+1234567890123456",
                               "+49 30 12345a", "+49 30 123/456", "++4930123456", "+49+30123456", "+49.30.123456",
                               "+\u0664\u0669\u0663\u0660\u0661\u0662\u0663"})
        EXPECT_FALSE(e164_number(number)) << number;
}

TEST(PhoneNumber, The_zero_that_is_dialled_within_a_country_is_refused_not_kept) {
    EXPECT_FALSE(e164_number("+44 (0)20 7946 0018"));
    EXPECT_EQ(e164_number("+44 20 7946 0018"), "+442079460018");
}

}  // namespace
}  // namespace movio::accounts
