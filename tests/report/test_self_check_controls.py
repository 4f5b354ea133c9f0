"""The controls the self-check names are those of level 2 of GB/T 22239-2019, under their own numbers."""

from __future__ import annotations

import pytest

from dutyroom.model.self_check import CheckRow
from dutyroom.self_checks import shipped_rows

# In the order of the standard: the last part of a number is the place in its line. Level 2 has no 数据保密性 (it comes
# with level 3), and of 安全管理中心 the first two alone.
LEVEL_2 = {
    "7.1.1": "物理位置选择 物理访问控制 防盗窃和防破坏 防雷击 防火 防水和防潮 防静电 温湿度控制 电力供应 电磁防护",
    "7.1.2": "网络架构 通信传输 可信验证",
    "7.1.3": "边界防护 访问控制 入侵防范 恶意代码防范 安全审计 可信验证",
    "7.1.4": "身份鉴别 访问控制 安全审计 入侵防范 恶意代码防范 可信验证 数据完整性 数据备份恢复 "
    "剩余信息保护 个人信息保护",
    "7.1.5": "系统管理 审计管理",
    "7.1.6": "安全策略 管理制度 制定和发布 评审和修订",
    "7.1.7": "岗位设置 人员配备 授权和审批 沟通和合作 审核和检查",
    "7.1.8": "人员录用 人员离岗 安全意识教育和培训 外部人员访问管理",
    "7.1.10": "环境管理 资产管理 介质管理 设备维护管理 漏洞和风险管理 网络和系统安全管理 恶意代码防范管理 "
    "配置管理 密码管理 变更管理 备份与恢复管理 安全事件处置 应急预案管理 外包运维管理",
}
NAMED = {f"{clause}.{place}": name for clause, names in LEVEL_2.items() for place, name in enumerate(names.split(), 1)}


@pytest.mark.parametrize("row", shipped_rows(), ids=lambda row: row.id)
def test_every_control_of_a_row_has_its_own_number(row: CheckRow) -> None:
    assert row.controls
    assert dict(row.controls) == {number: NAMED.get(number) for number, _name in row.controls}


def test_the_age_of_passwords_is_no_matter_of_cryptography() -> None:
    """密码管理 is about the standards and products of cryptography; when passwords change stands in 7.1.10.6."""
    found = {row.id: dict(row.controls) for row in shipped_rows()}
    for name in ("accounts.passwords", "inspection.passwords"):
        assert "7.1.10.9" not in found[name]
        assert "7.1.10.6" in found[name]
