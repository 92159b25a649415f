## 错误:出了什么问题,怎么解决。

error-sign-in-refused = 邮箱或密码不正确。
error-sign-in-refused-hint = 请核对后重试。忘记密码或账号已停用，请联系管理员。
error-sign-in-limited = 尝试次数过多。
error-sign-in-limited-hint = 请在 { $minutes } 分钟后重试。忘记密码可请管理员重置。
error-second-factor-refused = 验证码不正确。
error-second-factor-refused-hint = 请输入验证器当前显示的验证码，每个验证码只能使用一次；手机不在身边时，可输入一个恢复码。
error-second-factor-late = 登录超时。
error-second-factor-late-hint = 请重新输入邮箱和密码。
error-api-key-refused = API 密钥无效。
error-api-key-refused-hint = 请确认密钥完整、未过期、未吊销，并以“Authorization: Bearer jb_…”的形式发送。
error-access-denied = 您没有权限执行此操作。
error-access-denied-hint = 需要权限 { $permission }，请联系管理员分配相应角色。
error-access-denied-key = 此 API 密钥无权执行此操作。
error-access-denied-key-hint = 请使用授权范围包含 { $permission } 的密钥，且密钥所有者须拥有该权限。
error-password-change-needed = 请先设置自己的密码。
error-password-change-needed-hint = 您登录所用的是一次性密码，修改密码后即可继续。
error-staff-only = 此操作只能由已登录的员工本人执行。
error-staff-only-hint = 请在浏览器中登录后操作，不能使用 API 密钥。
error-system-only = 此操作只能在服务器上执行。
error-system-only-hint = 请在服务器上使用命令“jetbridge user”。
error-password-wrong = 当前密码不正确。
error-password-wrong-hint = 请输入登录时使用的密码。
error-password-same = 新密码与当前密码相同。
error-password-same-hint = 请换一个密码。
error-password-short = 密码太短。
error-password-short-hint = 至少需要 { $limit } 个字符；用几个词连成一句更容易记住。
error-password-long = 密码太长。
error-password-long-hint = 最多 { $limit } 字节。
error-password-simple = 密码太容易被猜到。
error-password-simple-hint = 请避免 123456 之类的连续字符、重复字符和常见词语，建议用几个词连成一句。
error-password-own = 密码包含您的姓名或邮箱。
error-password-own-hint = 请使用与您本人无关的词语。
error-user-not-found = 没有这个用户。
error-user-not-found-hint = 请从用户列表中选择。
error-user-changed = 该用户刚刚被其他人修改。
error-user-changed-hint = 请查看最新内容后重新修改。
error-user-email-taken = 该邮箱已被其他用户使用。
error-user-email-taken-hint = 请换一个邮箱，或修改原有用户。
error-user-email-invalid = 邮箱格式不正确。
error-user-email-invalid-hint = 请按 name@example.com 的格式填写。
error-user-name-invalid = 姓名未填写或过长。
error-user-name-invalid-hint = 请填写 1 至 100 个字符。
error-user-roles-empty = 尚未选择角色。
error-user-roles-empty-hint = 请至少选择一个角色，角色决定用户的权限。
error-own-account = 不能停用自己的账号。
error-own-account-hint = 请由另一位管理员操作。
error-last-administrator = 至少要保留一位可登录的管理员。
error-last-administrator-hint = 请先将其他人设为管理员。
error-time-zone-unknown = 没有这个时区。
error-time-zone-unknown-hint = 请从列表中选择，例如 Asia/Shanghai。
error-two-factor-on = 两步验证已开启。
error-two-factor-on-hint = 如需更换手机，请先关闭再重新开启。
error-two-factor-off = 两步验证尚未开启。
error-two-factor-off-hint = 请先开启两步验证。
error-two-factor-not-started = 没有待确认的二维码。
error-two-factor-not-started-hint = 请重新开始，并用验证器扫描新的二维码。
error-two-factor-code-wrong = 验证码不正确。
error-two-factor-code-wrong-hint = 请输入验证器当前显示的六位数字；若仍不正确，请确认手机已设为自动校时。
error-two-factor-broken = 两步验证的密钥无法使用。
error-two-factor-broken-hint = 请管理员重置该用户的两步验证，然后重新设置。
error-api-key-not-found = 没有这个 API 密钥。
error-api-key-not-found-hint = 请从密钥列表中选择。
error-api-key-name-invalid = 密钥名称未填写或过长。
error-api-key-name-invalid-hint = 请用 1 至 80 个字符说明密钥的用途。
error-api-key-scopes-empty = 尚未选择授权范围。
error-api-key-scopes-empty-hint = 请至少选择一项，密钥只能在授权范围内使用。
error-api-key-scope-unknown = 有的授权范围不存在。
error-api-key-scope-unknown-hint = 请使用权限名称，例如 customers.read;整个业务域可写作 customers.*。
error-api-key-scope-not-held = 有的授权范围超出您的权限。
error-api-key-scope-not-held-hint = 密钥只能拥有其所有者的权限，请从列出的范围中选择。
error-api-key-expiry = 密钥的到期时间已过或过远。
error-api-key-expiry-hint = 请选择未来 { $days } 天之内的时间。
error-api-keys-too-many = 您已有 { $most } 个密钥，达到上限。
error-api-keys-too-many-hint = 请先吊销不再使用的密钥。
error-password-hashing = 密码处理失败。
error-password-hashing-hint = 请重试；若一再失败，可能是服务器内存不足。
error-vault-key-file = 无法读写密钥文件 { $path }。
error-vault-key-file-hint = 请让运行 Jetbridge 的系统用户能读取该文件并写入其所在目录。
error-vault-key-exposed = 密钥文件 { $path } 可被其他用户读取。
error-vault-key-exposed-hint = 请执行:chmod 600 { $path }
error-vault-key-damaged = 密钥文件 { $path } 已损坏。
error-vault-key-damaged-hint = 请从备份中恢复。切勿删除：用它加密的内容将永远无法读取。
error-vault-key-foreign = 密钥文件与此数据库不匹配。
error-vault-key-foreign-hint = 请放回与此数据库一同备份的密钥文件，不要用新文件启动。
error-vault-key-unknown = 有内容使用第 { $version } 版密钥加密，而密钥文件中没有该版本。
error-vault-key-unknown-hint = 请放回最新的密钥文件副本。
error-vault-value-broken = 有一项加密内容已损坏。
error-vault-value-broken-hint = 请执行“jetbridge check”，从备份恢复该内容或重新录入。
error-vault-value-too-long = 内容过长，无法加密。
error-vault-value-too-long-hint = 请缩短内容。

## 角色

role-administrator = 管理员
role-analyst = 分析师
role-agent = 座席
role-loyalty = 常旅客运营
role-care = 客户关怀
role-sales = 销售
role-manager = 主管
role-auditor = 审计员

## 权限

permission-access-users-read = 查看员工用户及其会话
permission-access-users-edit = 邀请、编辑和停用员工用户
permission-access-keys-own = 创建自己的 API 密钥
permission-access-keys-manage = 查看和吊销所有人的 API 密钥
permission-access-audit-read = 查看和校验审计日志
permission-access-policy-read = 查看角色权限表
permission-reveal-serve-caller = 为服务来电客户查看明文
permission-reveal-resolve-complaint = 为处理投诉查看明文
permission-reveal-fraud-check = 为核查欺诈查看明文
permission-reveal-data-request = 为答复个人信息请求查看明文
permission-reveal-data-quality = 为更正资料查看明文

## 查看明文的目的

purpose-serve-caller = 正在服务客户
purpose-resolve-complaint = 处理投诉
purpose-fraud-check = 核查欺诈
purpose-data-request = 客户本人的个人信息请求
purpose-data-quality = 更正资料

## 审计日志

audit-access-signed-in = 登录
audit-access-signed-out = 退出登录
audit-access-sign-in-refused = 登录被拒绝
audit-access-sign-in-limited = 尝试过多，登录已暂停
audit-access-session-ended = 结束会话
audit-access-sessions-ended = 结束其他会话
audit-access-password-changed = 修改密码
audit-access-password-reset = 重置为一次性密码
audit-access-two-factor-on = 开启两步验证
audit-access-two-factor-off = 关闭两步验证
audit-access-two-factor-reset = 重置两步验证
audit-access-recovery-codes-renewed = 更换恢复码
audit-access-user-invited = 邀请用户
audit-access-user-edited = 编辑用户
audit-access-user-disabled = 停用用户
audit-access-user-enabled = 启用用户
audit-access-key-created = 创建 API 密钥
audit-access-key-revoked = 吊销 API 密钥
audit-access-revealed = 查看明文

audit-break-missing = 该条记录缺失。
audit-break-edited = 该条记录被改动。
audit-break-unlinked = 该条记录与上一条不相接。
audit-break-wrong-end = 日志的结尾不对：末尾记录被删去或私自添加。
audit-break-not-anchored = 该条记录与留存的凭据不符：日志被整体重算。

target-user = 用户
target-session = 会话
target-api-key = API 密钥
target-installation = 系统

actor-kind-staff = 员工
actor-kind-api-key = API 密钥
actor-kind-member = 会员
actor-kind-system = 系统

## 状态与偏好

user-state-invited = 已邀请
user-state-active = 正常
user-state-disabled = 已停用

key-state-active = 有效
key-state-expired = 已过期
key-state-revoked = 已吊销

theme-system = 跟随设备
theme-light = 浅色
theme-dark = 深色

density-normal = 适中
density-comfortable = 宽松
density-compact = 紧凑
