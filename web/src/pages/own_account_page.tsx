import { Devices } from '../components/devices';
import { EmailAddress } from '../components/email_address';
import { ExportData } from '../components/export_data';
import { Leave } from '../components/leave';
import { Profile } from '../components/profile';
import { ProgramTokens } from '../components/program_tokens';
import { QuotaUse } from '../components/quota_use';
import { RequireUser } from '../components/require_user';
import { strings } from '../strings';
import { useTitle } from './use_title';

export function OwnAccountPage() {
  useTitle(strings.devices.pageTitle);
  return (
    <RequireUser why={strings.devices.needed}>
      <div className="list narrow-list">
        <h1 className="list-title">{strings.devices.pageTitle}</h1>
        <Profile />
        <QuotaUse />
        <EmailAddress />
        <Devices />
        <ProgramTokens />
        <ExportData />
        <Leave />
      </div>
    </RequireUser>
  );
}
